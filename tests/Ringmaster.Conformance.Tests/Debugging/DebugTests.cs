using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Debugging;

/// <summary>Single steps, breakpoints on code, data and ports, and the debug registers' bookkeeping (SDM 3B 17.2, 17.3, 17.4).</summary>
public sealed class DebugTests
{
    private const ulong Trap = 0x100, Resume = 0x1_0000, Single = 0x4000;

    private static readonly CaseTable s_cases = new()
    {
        new("TF traps after one instruction", GuestMode.Kernel64, c => { c.inc(eax); c.inc(eax); })
        {
            Given = m => m.State.Rflags |= Trap, Fault = Vector.Debug,
            Then = m =>
            {
                Assert.Equal(1UL, m.Rax);
                Assert.Equal(Single, m.State.Dr6 & 0xF00F);
                Assert.Equal(Trap, m.Pushed().Flags & (Trap | Resume));
                Assert.Equal(0UL, m.State.Rflags & Trap);
            },
        },
        new("TF in real mode", GuestMode.Real, c => { c.inc(ax); c.inc(ax); }) { Given = m => m.State.Rflags |= Trap, Fault = Vector.Debug },
        new("TF in virtual-8086 mode", GuestMode.Virtual8086, c => { c.inc(ax); c.inc(ax); })
        {
            Given = m => m.State.Rflags |= Trap, Fault = Vector.Debug,
        },
        new("TF in compatibility mode", GuestMode.UserCompatibility, c => { c.inc(eax); c.inc(eax); })
        {
            Given = m => m.State.Rflags |= Trap, Fault = Vector.Debug,
        },
        new("the step is over before a fault of the next instruction", GuestMode.Kernel32, c => { c.nop(); c.ud2(); })
        {
            Given = m => m.State.Rflags |= Trap, Fault = Vector.Debug,
        },
        new("a fault under TF does not trap", GuestMode.Kernel32, c => c.ud2())
        {
            Given = m => m.State.Rflags |= Trap, Fault = Vector.InvalidOpcode, Then = m => Assert.Equal(Trap, m.Pushed().Flags & Trap),
        },
        new("POPF that sets TF traps after the next instruction", GuestMode.Kernel64, c => { c.popfq(); c.inc(eax); c.inc(eax); })
        {
            Given = m => m.Push(8, Trap | 2), Fault = Vector.Debug, Then = m => Assert.Equal(1UL, m.Rax),
        },
        new("POPF that clears TF still traps", GuestMode.Kernel64, c => { c.popfq(); c.inc(eax); })
        {
            Given = m =>
            {
                m.State.Rflags |= Trap;
                m.Push(8, 2);
            },
            Fault = Vector.Debug, Then = m => Assert.Equal(0UL, m.Pushed().Flags & Trap),
        },
        new("TF traps after each repetition of a string instruction", GuestMode.Kernel64, c => c.rep.stosb())
        {
            Rcx = 3, Given = m =>
            {
                m.State.Registers[7] = Layout.Data;
                m.State.Rflags |= Trap;
            },
            Fault = Vector.Debug, Then = m => Assert.Equal((2UL, Layout.Data + 1UL), (m.Rcx, m.State.Registers[7])),
        },
        new("MOV SS puts the single step off by one instruction", GuestMode.Kernel32, c => { c.mov(ss, eax); c.inc(ecx); c.inc(ecx); })
        {
            Rax = Selectors.Data, Given = m => m.State.Rflags |= Trap, Fault = Vector.Debug, Then = m => Assert.Equal(1UL, m.Rcx),
        },
        new("POP SS puts the single step off by one instruction", GuestMode.Kernel32, c => { c.pop(ss); c.inc(ecx); c.inc(ecx); })
        {
            Given = m =>
            {
                m.Push(4, Selectors.Data);
                m.State.Rflags |= Trap;
            },
            Fault = Vector.Debug, Then = m => Assert.Equal(1UL, m.Rcx),
        },
        new("LSS does not put the single step off", GuestMode.Kernel32, c => { c.lss(eax, __[Layout.Data]); c.inc(ecx); })
        {
            Given = m =>
            {
                m.Write(Layout.Data + 4UL, Selectors.Data);
                m.State.Rflags |= Trap;
            },
            Fault = Vector.Debug, Then = m => Assert.Equal(0UL, m.Rcx),
        },
        new("MOV DS does not put the single step off", GuestMode.Kernel32, c => { c.mov(ds, eax); c.inc(ecx); })
        {
            Rax = Selectors.Data, Given = m => m.State.Rflags |= Trap, Fault = Vector.Debug,
        },
        new("INT n under TF enters its handler untraced", GuestMode.User32, c => c.@int(0x80))
        {
            Given = m => m.State.Rflags |= Trap, Handler = 0x80, Then = m => Assert.Equal(0UL, m.State.Rflags & Trap),
        },
        new("ICEBP traps to #DB and leaves DR6", GuestMode.User32, c => c.db(0xF1))
        {
            Fault = Vector.Debug, At = m => m.End, Then = m => Assert.Equal(0xFFFF_0FF0UL, m.State.Dr6),
        },
        new("with BTF, TF passes straight code and stops after a jump", GuestMode.Kernel64, c =>
        {
            var target = c.CreateLabel();
            c.inc(eax);
            c.inc(eax);
            c.jmp(target);
            c.ud2();
            c.Label(ref target);
            c.inc(eax);
        })
        {
            Given = m =>
            {
                m.State.Rflags |= Trap;
                m.State.Msr.DebugControl = 2;
            },
            Fault = Vector.Debug, Then = m => Assert.Equal((2UL, 0UL), (m.Rax, m.State.Msr.DebugControl)),
        },
        new("with BTF, a branch that is not taken does not stop", GuestMode.Kernel64, c =>
        {
            var never = c.CreateLabel();
            c.test(eax, eax);
            c.jnz(never);
            c.inc(eax);
            c.Label(ref never);
            c.call(rdx);
        })
        {
            Rdx = Layout.Target,
            Given = m =>
            {
                m.State.Rflags |= Trap;
                m.State.Msr.DebugControl = 2;
            },
            Fault = Vector.Debug, At = m => Layout.Target, Then = m => Assert.Equal(1UL, m.Rax),
        },
        new("with BTF, a string instruction's repetitions do not stop", GuestMode.Kernel64, c => c.rep.stosb())
        {
            Rcx = 3, Given = m =>
            {
                m.State.Registers[7] = Layout.Data;
                m.State.Rflags |= Trap;
                m.State.Msr.DebugControl = 2;
            },
            Then = m => Assert.Equal(0UL, m.Rcx),
        },
        Code("a code breakpoint stops before its instruction", 0x401, m => m.Start + 2),
        Code("a global code breakpoint", 0x402, m => m.Start + 2),
        new("a code breakpoint that is not armed", GuestMode.Kernel64, c => { c.inc(eax); c.inc(eax); })
        {
            Given = m => (m.State.Dr0, m.State.Dr7) = (m.Start + 2, 0x404), Then = m => Assert.Equal(2UL, m.Rax),
        },
        new("a code breakpoint inside an instruction does not stop", GuestMode.Kernel64, c => { c.inc(eax); c.inc(eax); })
        {
            Given = m => (m.State.Dr0, m.State.Dr7) = (m.Start + 1, 0x402),
        },
        new("RF passes one code breakpoint", GuestMode.Kernel64, c => { c.inc(eax); c.inc(eax); })
        {
            Given = m =>
            {
                (m.State.Dr0, m.State.Dr7) = (m.Start, 0x402);
                m.State.Rflags |= Resume;
            },
            Then = m => Assert.Equal(0UL, m.State.Rflags & Resume),
        },
        new("a code breakpoint pushes RF clear, as all of #DB", GuestMode.Kernel64, c => c.nop())
        {
            Given = m => (m.State.Dr0, m.State.Dr7) = (m.Start, 0x402), Fault = Vector.Debug,
            Then = m => Assert.Equal(1UL, m.State.Dr6 & 0xF00F),
        },
        new("a code breakpoint in the shadow of MOV SS does not stop", GuestMode.Kernel32, c => { c.mov(ss, eax); c.inc(ecx); })
        {
            Rax = Selectors.Data, Given = m => (m.State.Dr0, m.State.Dr7) = (m.Start + 2, 0x402),
        },
        new("a code breakpoint comes before the instruction's own fault", GuestMode.Kernel64, c => c.ud2())
        {
            Given = m => (m.State.Dr1, m.State.Dr7) = (m.Start, 0x408), Fault = Vector.Debug, Then = m => Assert.Equal(2UL, m.State.Dr6 & 0xF),
        },
        new("a code breakpoint on a string instruction stops once", GuestMode.Kernel64, c => { c.inc(eax); c.rep.stosb(); })
        {
            Rcx = 3, Given = m =>
            {
                m.State.Registers[7] = Layout.Data;
                (m.State.Dr0, m.State.Dr7) = (m.Start, 0x402);
                m.State.Rflags |= Resume;
            },
            Then = m => Assert.Equal(0UL, m.Rcx),
        },
        Data("a data breakpoint on stores traps after the store", 0x1_0402, c => c.mov(__[Layout.Data], ecx), true),
        Data("a data breakpoint on stores does not mind loads", 0x1_0402, c => c.mov(ecx, __[Layout.Data]), false),
        Data("a data breakpoint on accesses traps after a load", 0x3_0402, c => c.mov(ecx, __[Layout.Data]), true),
        Data("a data breakpoint of one byte sees an access that covers it", 0x3_0402, c => c.mov(rcx, __[Layout.Data - 4]), true),
        Data("a data breakpoint of one byte does not see its neighbour", 0x3_0402, c => c.mov(cl, __[Layout.Data + 1]), false),
        Data("a data breakpoint of four bytes sees each of them", 0xF_0402, c => c.mov(cl, __[Layout.Data + 3]), true),
        Data("a data breakpoint of eight bytes sees each of them", 0xB_0402, c => c.mov(cl, __[Layout.Data + 7]), true),
        Data("a data breakpoint sees a read-modify-write", 0x1_0402, c => c.inc(__dword_ptr[Layout.Data]), true),
        Data("a data breakpoint does not mind INVLPG", 0x3_0402, c => c.invlpg(__[Layout.Data]), false),
        new("a data breakpoint sees a push", GuestMode.Kernel64, c => c.push(rax))
        {
            Given = m => (m.State.Dr2, m.State.Dr7) = (Layout.KernelStack - 8, 0x0100_0420), Fault = Vector.Debug, At = m => m.End,
            Then = m => Assert.Equal(4UL, m.State.Dr6 & 0xF00F),
        },
        new("a data breakpoint on a string instruction traps after the repetition", GuestMode.Kernel64, c => c.rep.stosb())
        {
            Rcx = 4, Given = m =>
            {
                m.State.Registers[7] = Layout.Data;
                (m.State.Dr0, m.State.Dr7) = (Layout.Data + 1, 0x1_0402);
            },
            Fault = Vector.Debug, Then = m => Assert.Equal(2UL, m.Rcx),
        },
        new("a data breakpoint in MOV SS waits for the next instruction", GuestMode.Kernel32, c => { c.mov(ss, __word_ptr[Layout.Data]); c.inc(ecx); c.inc(ecx); })
        {
            Given = m =>
            {
                m.Write(Layout.Data, Selectors.Data);
                (m.State.Dr0, m.State.Dr7) = (Layout.Data, 0x3_0402);
            },
            Fault = Vector.Debug, Then = m => Assert.Equal((1UL, 1UL), (m.Rcx, m.State.Dr6 & 0xF00F)),
        },
        new("a store that faults hits no data breakpoint", GuestMode.Kernel64, c => c.mov(__[Layout.Data], ecx))
        {
            Given = m =>
            {
                m.SetPage(Layout.Data, 1);
                (m.State.Dr0, m.State.Dr7) = (Layout.Data, 0x1_0402);
            },
            Fault = Vector.PageFault, Error = 2, Then = m => Assert.Equal(0UL, m.State.Dr6 & 0xF),
        },
        Port("an I/O breakpoint traps after OUT", 0x2_0402, 8, c => c.@out(0x51, ax), 0x51, true),
        Port("an I/O breakpoint traps after IN", 0x2_0402, 8, c => c.@in(al, 0x51), 0x51, true),
        Port("an I/O breakpoint of two bytes sees both", 0x6_0402, 8, c => c.@in(al, 0x51), 0x50, true),
        Port("an I/O breakpoint needs CR4.DE", 0x2_0402, 0, c => c.@in(al, 0x51), 0x51, false),
        Port("an I/O breakpoint does not mind another port", 0x2_0402, 8, c => c.@in(al, 0x52), 0x51, false),
        new("DR6 keeps what earlier exceptions left", GuestMode.Kernel64, c => { c.nop(); c.nop(); })
        {
            Given = m =>
            {
                m.State.Dr6 |= 0x8000;
                m.State.Rflags |= Trap;
            },
            Fault = Vector.Debug, Then = m => Assert.Equal(0x8000 | Single, m.State.Dr6 & 0xF00F),
        },
        new("#DB clears DR7.GD", GuestMode.Kernel64, c => { c.nop(); c.nop(); })
        {
            Given = m =>
            {
                m.State.Dr7 = 0x2400;
                m.State.Rflags |= Trap;
            },
            Fault = Vector.Debug, Then = m => Assert.Equal(0x400UL, m.State.Dr7),
        },
        new("DR7 keeps its fixed bits", GuestMode.Kernel64, c => { c.mov(dr7, rax); c.mov(rcx, dr7); })
        {
            Rax = 0xC800, Then = m => Assert.Equal(0x400UL, m.Rcx),
        },
        new("DR7 takes breakpoints at once", GuestMode.Kernel64, c => { c.mov(dr7, rax); c.inc(ecx); })
        {
            Rax = 0x402, Given = m => m.State.Dr0 = m.Start + 3, Fault = Vector.Debug, Then = m => Assert.Equal(0UL, m.Rcx),
        },
        new("DR0 has 64 bits", GuestMode.Kernel64, c => { c.mov(dr0, rax); c.mov(rcx, dr0); })
        {
            Rax = ulong.MaxValue, Then = m => Assert.Equal(ulong.MaxValue, m.Rcx),
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);

    private static Case Code(string name, ulong dr7, Func<Guest, ulong> address) => new(name, GuestMode.Kernel64, c => { c.inc(eax); c.inc(eax); })
    {
        Given = m => (m.State.Dr0, m.State.Dr7) = (address(m), dr7), Fault = Vector.Debug, Then = m => Assert.Equal((1UL, 1UL), (m.Rax, m.State.Dr6 & 0xF00F)),
    };

    private static Case Data(string name, ulong dr7, Action<Iced.Intel.Assembler> code, bool hits)
    {
        var row = new Case(name, GuestMode.Kernel64, code) { Given = m => (m.State.Dr0, m.State.Dr7) = (Layout.Data, dr7) };
        return hits ? Hit(row) : row;
    }

    private static Case Port(string name, ulong dr7, ulong cr4, Action<Iced.Intel.Assembler> code, ulong port, bool hits)
    {
        var row = new Case(name, GuestMode.Kernel64, code)
        {
            Given = m =>
            {
                (m.State.Dr0, m.State.Dr7) = (port, dr7);
                m.State.Cr4 |= cr4;
            },
        };
        return hits ? Hit(row) : row;
    }

    private static Case Hit(Case row) => row with
    {
        Fault = Vector.Debug, At = m => m.End, Then = m => Assert.Equal(1UL, m.State.Dr6 & 0xF00F),
    };
}
