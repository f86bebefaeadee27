using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Debugging;

/// <summary>When interrupts and NMIs are taken: IF, shadows, blocking, halts, pauses of string instructions (SDM 3A 6.7, 6.8).</summary>
public sealed class EventWindowTests
{
    private const ulong Interrupts = 0x200;

    private static readonly CaseTable s_cases = new()
    {
        new("an interrupt waits for IF", GuestMode.Kernel64, c => { c.inc(eax); c.inc(eax); })
        {
            Interrupt = 0x50, Then = m => Assert.Equal(2UL, m.Rax),
        },
        new("an interrupt is taken before the first instruction with IF", GuestMode.Kernel64, c => c.inc(eax))
        {
            Interrupt = 0x50, Given = m => m.State.Rflags |= Interrupts, Handler = 0x50, Then = m => AssertAfter(m, 0, m.Start),
        },
        new("STI holds interrupts off for one instruction", GuestMode.Kernel64, c => { c.sti(); c.inc(eax); c.inc(eax); })
        {
            Interrupt = 0x50, Handler = 0x50, Then = m => AssertAfter(m, 1, m.Last),
        },
        new("STI that finds IF set holds nothing off", GuestMode.Kernel64, c => { c.nop(); c.inc(eax); })
        {
            Interrupt = 0x50, Given = m => m.State.Rflags |= Interrupts, Handler = 0x50, Then = m => AssertAfter(m, 0, m.Start),
        },
        new("STI and CLI leave no window", GuestMode.Kernel64, c => { c.sti(); c.cli(); c.inc(eax); })
        {
            Interrupt = 0x50, Then = m => Assert.Equal(1UL, m.Rax),
        },
        new("POPF opens the window at once", GuestMode.Kernel64, c => { c.popfq(); c.inc(eax); })
        {
            Interrupt = 0x50, Given = m => m.Push(8, 0x202), Handler = 0x50, Then = m => AssertAfter(m, 0, m.Last),
        },
        new("IRET opens the window at once", GuestMode.Kernel64, c => c.iretq())
        {
            Interrupt = 0x50, Given = m => m.Push(8, Layout.Target, Selectors.Code64, 0x202, Layout.KernelStack, Selectors.Data),
            Handler = 0x50, Then = m => AssertAfter(m, 0, Layout.Target),
        },
        new("STI and HLT halt, and the interrupt returns behind", GuestMode.Kernel64, c => { c.sti(); c.hlt(); }) { Ends = Ending.Halt },
        new("STI, then MOV SS, hold interrupts off for two instructions", GuestMode.Kernel32, c =>
        {
            c.sti();
            c.mov(ss, ecx);
            c.inc(eax);
            c.inc(eax);
        })
        {
            Rcx = Selectors.Data, Interrupt = 0x50, Handler = 0x50, Then = m => AssertAfter(m, 1, m.Last),
        },
        new("STI, then MOV DS, holds off for the MOV only", GuestMode.Kernel32, c => { c.sti(); c.mov(ds, ecx); c.inc(eax); })
        {
            Rcx = Selectors.Data, Interrupt = 0x50, Handler = 0x50, Then = m => AssertAfter(m, 0, m.Last),
        },
        new("a fault in STI's shadow ends it", GuestMode.Kernel64, c => { c.sti(); c.ud2(); })
        {
            Interrupt = 0x50, Fault = Vector.InvalidOpcode,
        },
        new("an interrupt in real mode", GuestMode.Real, c => { c.sti(); c.nop(); c.inc(ax); })
        {
            Interrupt = 0x50, Handler = 0x50, Then = m => AssertAfter(m, 0, m.Last),
        },
        new("an interrupt of virtual-8086 code goes to the monitor", GuestMode.Virtual8086, c => c.inc(ax))
        {
            Interrupt = 0x50, Given = m => m.State.Rflags |= Interrupts, Handler = 0x50,
            Then = m => Assert.Equal((0UL, 0), (m.State.Rflags & 0x2_0000, m.State.PrivilegeLevel)),
        },
        new("an interrupt gate's level does not matter to interrupts", GuestMode.User32, c => c.inc(eax))
        {
            Interrupt = 0x51, Given = m => m.State.Rflags |= Interrupts, Handler = 0x51,
        },
        new("an NMI does not wait for IF", GuestMode.Kernel64, c => c.inc(eax))
        {
            Nmi = true, Handler = 2, Then = m =>
            {
                AssertAfter(m, 0, m.Start);
                Assert.True(m.State.NmiBlocked);
            },
        },
        new("a blocked NMI waits", GuestMode.Kernel64, c => c.inc(eax))
        {
            Nmi = true, Given = m => m.State.NmiBlocked = true, Then = m => Assert.True(m.State.NmiPending),
        },
        new("IRET lets a waiting NMI in behind itself", GuestMode.Kernel64, c => c.iretq())
        {
            Nmi = true, Handler = 2,
            Given = m =>
            {
                m.State.NmiBlocked = true;
                m.Push(8, Layout.Target, Selectors.Code64, 2, Layout.KernelStack, Selectors.Data);
            },
            Then = m =>
            {
                AssertAfter(m, 0, Layout.Target);
                Assert.False(m.State.NmiPending);
            },
        },
        new("IRET of 32-bit code lets a waiting NMI in", GuestMode.Kernel32, c => c.iretd())
        {
            Nmi = true, Handler = 2,
            Given = m =>
            {
                m.State.NmiBlocked = true;
                m.Push(4, Layout.Target, Selectors.Code32, 2);
            },
        },
        new("MOV SS holds NMIs off", GuestMode.Kernel32, c => { c.inc(eax); c.inc(eax); })
        {
            Nmi = true, Given = m => m.State.MovSsShadow = true, Handler = 2, Then = m => AssertAfter(m, 1, m.Last),
        },
        new("the single step comes before an interrupt", GuestMode.Kernel64, c => { c.popfq(); c.inc(eax); c.inc(eax); })
        {
            Interrupt = 0x50, Given = m => m.Push(8, 0x102), Fault = Vector.Debug,
        },
        new("an NMI comes before an interrupt", GuestMode.Kernel64, c => c.inc(eax))
        {
            Nmi = true, Interrupt = 0x50, Given = m => m.State.Rflags |= Interrupts, Handler = 2,
        },
        new("an interrupt is taken between two repetitions and pushes RF", GuestMode.Kernel64, c =>
        {
            c.sti();
            c.rep.movsb();
        })
        {
            Rcx = 3, Interrupt = 0x50, Handler = 0x50,
            Given = m => (m.State.Registers[6], m.State.Registers[7]) = (Layout.Data, Layout.Data + 0x100),
            Then = m =>
            {
                Assert.Equal(2UL, m.Rcx);
                Assert.Equal(m.Last, m.Pushed().Rip);
                Assert.Equal(0x1_0000UL, m.Pushed().Flags & 0x1_0000);
            },
        },
        new("an interrupt pushes RF clear", GuestMode.Kernel64, c => c.nop())
        {
            Interrupt = 0x50, Given = m => m.State.Rflags |= Interrupts, Handler = 0x50,
            Then = m => Assert.Equal(0UL, m.Pushed().Flags & 0x1_0000),
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);

    private static void AssertAfter(Guest guest, ulong executed, ulong rip) => Assert.Equal((executed, rip), (guest.Rax, guest.Pushed().Rip));
}
