using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu.State;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Instructions;

/// <summary>Limits and types of segments on every access; hidden parts; real mode with big limits (SDM 3A 5.3, 5.4, 3.4.3).</summary>
public sealed class LimitTests
{
    private static readonly CaseTable s_cases = new()
    {
        Small("the last bytes of a segment", c => c.mov(ecx, __[0xFFC]), true),
        Small("one byte beyond a segment", c => c.mov(ecx, __[0xFFD]), false),
        Small("a byte at the limit", c => c.mov(cl, __[0xFFF]), true),
        Small("a byte above the limit", c => c.mov(cl, __[0x1000]), false),
        Small("an offset that wraps at 4 GBytes", c => c.mov(ecx, __[0xFFFF_FFFE]), false),
        Small("a read-modify-write beyond a segment", c => c.inc(__dword_ptr[0xFFE]), false),
        Small("sixteen bytes beyond a segment", c => c.movups(xmm0, __[0xFF8]), false, sse: true),
        Small("sixteen bytes at the end of a segment", c => c.movups(xmm0, __[0xFF0]), true, sse: true),
        Down("above an expand-down segment's limit", 0x1000, true),
        Down("at an expand-down segment's limit", 0xFFF, false),
        Down("across an expand-down segment's limit", 0xFFE, false),
        Down("at the end of an expand-down segment", 0xFFFC, true),
        Down("beyond the end of a 16-bit expand-down segment", 0xFFFE, false),
        new("the end of a 32-bit expand-down segment is 4 GBytes", GuestMode.Kernel32, c => c.mov(ecx, __[Layout.Data]))
        {
            Given = m => m.State.Ds = m.State.Ds with { Limit = 0xFFF, Attributes = new(0xC097) },
        },
        new("a store to a read-only segment", GuestMode.Kernel32, c => c.mov(__[Layout.Data], ecx))
        {
            Given = m => m.State.Ds = m.State.Ds with { Attributes = new(0xC091) }, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a store through CS", GuestMode.Kernel32, c => c.mov(__.cs[Layout.Data], ecx)) { Fault = Vector.GeneralProtection, Error = 0 },
        new("a load through CS", GuestMode.Kernel32, c => c.mov(ecx, __.cs[Layout.Data])),
        new("a load through execute-only CS", GuestMode.Kernel32, c => c.mov(ecx, __.cs[Layout.Data]))
        {
            Given = m => m.State.Cs = m.State.Cs with { Attributes = new(0xC099) }, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a load through a null segment", GuestMode.Kernel32, c => c.mov(ecx, __[Layout.Data]))
        {
            Given = m => m.State.Ds = new Segment(0, 0, 0, SegmentAttributes.Unusable), Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a null segment does not matter in 64-bit mode", GuestMode.Kernel64, c => c.mov(ecx, __[Layout.Data]))
        {
            Given = m => m.State.Ds = new Segment(0, 0, 0, SegmentAttributes.Unusable),
        },
        new("limits and bases of DS do not matter in 64-bit mode", GuestMode.Kernel64, c => c.mov(ecx, __[Layout.Data]))
        {
            Given = m =>
            {
                m.State.Ds = m.State.Ds with { Base = 0x1234, Limit = 1 };
                m.Write(Layout.Data, 7U);
            },
            Then = m => Assert.Equal(7UL, m.Rcx),
        },
        new("the base of FS matters in 64-bit mode, its limit does not", GuestMode.Kernel64, c => c.mov(ecx, __.fs[8]))
        {
            Given = m =>
            {
                m.State.Fs = m.State.Fs with { Base = Layout.Data, Limit = 1 };
                m.Write(Layout.Data + 8UL, 7U);
            },
            Then = m => Assert.Equal(7UL, m.Rcx),
        },
        new("a stack access beyond SS raises #SS", GuestMode.User32, c => c.push(eax))
        {
            Given = m => m.State.Ss = m.State.Ss with { Limit = 0xFFF }, Fault = Vector.StackFault, Error = 0,
            Then = m => Assert.Equal(Layout.UserStack, m.Pushed().Rsp),
        },
        new("an access through EBP beyond SS raises #SS", GuestMode.User32, c => c.mov(ecx, __[ebp]))
        {
            Given = m =>
            {
                m.State.Registers[5] = 0x1000;
                m.State.Ss = m.State.Ss with { Limit = 0xFFF };
            },
            Fault = Vector.StackFault, Error = 0,
        },
        new("a pop beyond SS raises #SS", GuestMode.User32, c => c.pop(ecx))
        {
            Given = m => m.State.Ss = m.State.Ss with { Limit = Layout.UserStack + 2 }, Fault = Vector.StackFault, Error = 0,
        },
        new("a 16-bit stack wraps at 64 KBytes", GuestMode.Real, c => c.push(ax))
        {
            Rax = 0x1234, Given = m => m.Rsp = 0,
            Then = m => Assert.Equal((0xFFFEUL, 0x1234), (m.Rsp, m.Read<ushort>(0x2_8000 + 0xFFFEUL))),
        },
        new("a 16-bit stack keeps the upper half of ESP", GuestMode.Kernel32, c => c.push(eax))
        {
            Given = m =>
            {
                m.State.Ss = new Segment(Selectors.Data16, 0x3_0000, 0xFFFF, new(0x93));
                m.Rsp = 0xABCD_8000;
            },
            Then = m => Assert.Equal(0xABCD_7FFCUL, m.Rsp),
        },
        new("a word at offset FFFF in real mode raises #GP", GuestMode.Real, c => c.mov(cx, __[0xFFFF])) { Fault = Vector.GeneralProtection },
        new("a word at offset FFFF of the stack in real mode raises #SS", GuestMode.Real, c => c.mov(cx, __.ss[0xFFFF])) { Fault = Vector.StackFault },
        new("a word at offset FFFF in virtual-8086 mode raises #GP(0)", GuestMode.Virtual8086, c => c.mov(cx, __[0xFFFF]))
        {
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a 16-bit address wraps within 64 KBytes", GuestMode.Real, c => c.mov(cl, __[bx + si]))
        {
            Given = m =>
            {
                (m.State.Registers[3], m.State.Registers[6]) = (0xFFFF, 2);
                m.Write(Layout.Data + 1UL, (byte)0x7E);
            },
            Then = m => Assert.Equal(0x7EUL, m.Rcx),
        },
        new("unreal mode reaches beyond 64 KBytes", GuestMode.Real, c => c.mov(ecx, __[ebx]))
        {
            Given = m =>
            {
                m.State.Ds = new Segment(0, 0, uint.MaxValue, SegmentAttributes.RealModeData);
                m.State.Registers[3] = 0x12_3450;
                m.Write(0x12_3450, 0xFEED_BEEFU);
            },
            Then = m => Assert.Equal(0xFEED_BEEFUL, m.Rcx),
        },
        new("without it, 32-bit offsets stop at 64 KBytes", GuestMode.Real, c => c.mov(ecx, __[ebx]))
        {
            Given = m => m.State.Registers[3] = 0x1_0000, Fault = Vector.GeneralProtection,
        },
        new("unreal mode survives a load of the segment register", GuestMode.Real, c => { c.mov(ds, ax); c.mov(ecx, __[ebx]); })
        {
            Given = m =>
            {
                m.State.Ds = m.State.Ds with { Limit = uint.MaxValue };
                m.State.Registers[3] = 0x12_3450;
                m.Write(0x12_3450, 0xFEED_BEEFU);
            },
            Then = m => Assert.Equal(0xFEED_BEEFUL, m.Rcx),
        },
        new("unreal mode by way of protected mode", GuestMode.Real, c =>
        {
            c.lgdt(__[0]);
            c.mov(eax, cr0);
            c.or(al, 1);
            c.mov(cr0, eax);
            c.mov(bx, Selectors.Data);
            c.mov(fs, bx);
            c.and(al, 0xFE);
            c.mov(cr0, eax);
            c.mov(fs, dx);
            c.mov(ecx, __.fs[esi]);
        })
        {
            Given = m =>
            {
                m.Write(Layout.Data, (ushort)0x137);
                m.Write(Layout.Data + 2UL, Layout.Gdt);
                m.State.Registers[6] = 0x12_3450;
                m.Write(0x12_3450, 0xFEED_BEEFU);
            },
            Then = m => Assert.Equal((0xFEED_BEEFUL, uint.MaxValue), (m.Rcx, m.State.Fs.Limit)),
        },
        new("entering protected mode goes on in the same code", GuestMode.Real, c =>
        {
            c.lgdt(__[0]);
            c.mov(eax, cr0);
            c.or(al, 1);
            c.mov(cr0, eax);
            c.db(0xEA, 0x00, 0x00, (byte)Selectors.Code16, 0);
        })
        {
            Given = m =>
            {
                m.Write(Layout.Data, (ushort)0x137);
                m.Write(Layout.Data + 2UL, Layout.Gdt);
            },
            Lands = 0, Then = m => Assert.Equal((Selectors.Code16, (ulong)Layout.Target), (m.State.Cs.Selector, m.State.Cs.Base)),
        },
        new("hidden parts outlive a change of their descriptors", GuestMode.Kernel32, c => c.mov(ecx, __[Layout.Data]))
        {
            Given = m => m.SetDescriptor(Selectors.Data, 0),
        },
        new("code beyond CS's limit raises #GP", GuestMode.Kernel32, c => { c.nop(); c.mov(ecx, 0x1234_5678); })
        {
            Given = m => m.State.Cs = m.State.Cs with { Limit = Layout.Code + 3 }, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a jump beyond CS's limit faults on itself", GuestMode.Kernel32, c => c.jmp(eax))
        {
            Rax = Layout.Target, Given = m => m.State.Cs = m.State.Cs with { Limit = Layout.Code + 0xFFF }, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a call beyond CS's limit pushes nothing", GuestMode.Kernel32, c => c.call(eax))
        {
            Rax = Layout.Target, Given = m => m.State.Cs = m.State.Cs with { Limit = Layout.Code + 0xFFF }, Fault = Vector.GeneralProtection, Error = 0,
            Then = m => Assert.Equal(Layout.KernelStack, m.Pushed().Rsp),
        },
        new("running off the end of a 64 KByte segment raises #GP", GuestMode.Real, c => c.jmp(ax))
        {
            // XCHG AX, CX: one that wraps to the jump once more goes on to the mark.
            Rax = 0xFFFF, Given = m =>
            {
                m.Write(Layout.Code + 0xFFFFUL, (byte)0x91);
                m.State.Registers[1] = m.End;
            },
            Fault = Vector.GeneralProtection, At = m => 0,
        },
        new("code that was run under a wide limit stops at a narrow one", GuestMode.Kernel32, c =>
        {
            c.call(ecx);
            c.jmp(0x130, Layout.Target + 0x80);
        })
        {
            Rcx = Layout.Target + 0x80,
            Given = m =>
            {
                // The same linear address twice: NOP NOP RET; the second time the limit cuts the RET off.
                m.Write(Layout.Target + 0x80UL, (byte)0x90);
                m.Write(Layout.Target + 0x81UL, (byte)0x90);
                m.Write(Layout.Target + 0x82UL, (byte)0xC3);
                m.SetDescriptor(0x130, Descriptors.Segment(0, Layout.Target + 0x81, 0x9B, 4));
            },
            Fault = Vector.GeneralProtection, Error = 0, At = m => Layout.Target + 0x82,
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);

    private static Case Small(string name, Action<Iced.Intel.Assembler> code, bool allowed, bool sse = false)
    {
        var row = new Case(name, GuestMode.Kernel32, code)
        {
            Given = m =>
            {
                m.State.Ds = new Segment(Selectors.SmallData, Layout.Data, 0xFFF, new(0x4093));
                if (sse)
                    m.State.Cr4 |= 0x200;
            },
        };
        return allowed ? row : row with { Fault = Vector.GeneralProtection, Error = 0 };
    }

    private static Case Down(string name, uint offset, bool allowed)
    {
        var row = new Case(name, GuestMode.Kernel32, c => c.mov(ecx, __[offset]))
        {
            Given = m => m.State.Ds = new Segment(Selectors.ExpandDown, 0, 0xFFF, new(0x97)),
        };
        return allowed ? row : row with { Fault = Vector.GeneralProtection, Error = 0 };
    }
}
