using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Privileged;

/// <summary>Far JMP, CALL and RET with all their checks (SDM 2A CALL, JMP; SDM 2B RET).</summary>
public sealed class FarTransferTests
{
    private static readonly CaseTable s_cases = new()
    {
        new("far JMP in real mode loads CS", GuestMode.Real, c => c.jmp(0x4000, 0x10))
        {
            Then = m =>
            {
                Assert.Equal(0x4_0000UL, m.State.Cs.Base);
                Assert.Equal(0x10UL, m.State.Rip);
            },
        },
        new("far CALL in real mode pushes CS:IP", GuestMode.Real, c => c.call(0x4000, 0x10))
        {
            Then = m => Assert.Equal([m.End, 0x1000], m.Frame(2, 2)),
        },
        new("far RET in real mode drops parameters", GuestMode.Real, c => c.retf(4))
        {
            Given = m => m.Push(2, 0x10, 0x4000, 1, 2),
            Then = m =>
            {
                Assert.Equal(0x4_0010UL, m.State.Cs.Base + m.State.Rip);
                Assert.Equal(0x8000UL, m.Rsp);
            },
        },
        new("far JMP to code of the same level", GuestMode.Kernel32, c => c.jmp(Selectors.Code32, Layout.Target))
        {
            Lands = Layout.Target,
        },
        new("far JMP to a 16-bit segment changes the code size", GuestMode.Kernel32, c => c.jmp(Selectors.Code16, 0x20))
        {
            Then = m =>
            {
                Assert.Equal(Layout.Target, m.State.Cs.Base);
                Assert.False(m.State.Cs.Attributes.IsBig);
            },
        },
        new("far JMP to a null selector is refused", GuestMode.Kernel32, c => c.jmp(0, 0)) { Fault = Vector.GeneralProtection, Error = 0 },
        new("far JMP to data is refused", GuestMode.Kernel32, c => c.jmp(Selectors.Data, 0))
        {
            Fault = Vector.GeneralProtection, Error = Selectors.Data,
        },
        new("far JMP to absent code raises #NP", GuestMode.Kernel32, c => c.jmp(Selectors.AbsentCode, 0))
        {
            Fault = Vector.SegmentNotPresent, Error = Selectors.AbsentCode,
        },
        new("far JMP cannot change the level", GuestMode.User32, c => c.jmp(Selectors.Code32, Layout.Target))
        {
            Fault = Vector.GeneralProtection, Error = Selectors.Code32,
        },
        new("far JMP outward is refused", GuestMode.Kernel32, c => c.jmp(Selectors.UserCode32 | 3, Layout.Target))
        {
            Fault = Vector.GeneralProtection, Error = Selectors.UserCode32,
        },
        new("conforming code runs at the caller's level", GuestMode.User32, c => c.jmp(Selectors.Conforming32, Layout.Target))
        {
            Then = m =>
            {
                Assert.Equal(Selectors.Conforming32 | 3, m.State.Cs.Selector);
                Assert.Equal(3, m.State.PrivilegeLevel);
            },
        },
        new("far JMP beyond the limit is refused", GuestMode.Kernel32, c => c.jmp(Selectors.SmallCode, 0x1000))
        {
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("far CALL pushes CS:EIP", GuestMode.Kernel32, c => c.call(Selectors.Code32, Layout.Target))
        {
            Then = m => Assert.Equal([m.End, Selectors.Code32], m.Frame(2, 4)),
        },
        new("a refused far CALL leaves the stack pointer", GuestMode.Kernel32, c => c.call(Selectors.SmallCode, 0x1000))
        {
            Fault = Vector.GeneralProtection, Error = 0, Then = m => Assert.Equal(Layout.KernelStack, m.Pushed().Rsp),
        },
        new("far CALL without room on the stack raises #SS", GuestMode.User32, c => c.call(Selectors.UserCode32 | 3, Layout.Target))
        {
            Given = m => m.State.Ss = m.State.Ss with { Limit = 0xFFF }, Fault = Vector.StackFault, Error = 0,
        },
        new("a call gate leads to its own offset", GuestMode.Kernel32, c => c.call(Selectors.CallGate, 0xDEAD))
        {
            Lands = Layout.Target,
            Then = m =>
            {
                Assert.Equal([m.End, Selectors.Code32], m.Frame(2, 4));
            },
        },
        new("user code cannot use a kernel's call gate", GuestMode.User32, c => c.call(Selectors.CallGate, 0))
        {
            Fault = Vector.GeneralProtection, Error = Selectors.CallGate,
        },
        new("a weak RPL keeps kernel code from a call gate", GuestMode.Kernel32, c => c.call(Selectors.CallGate | 3, 0))
        {
            Fault = Vector.GeneralProtection, Error = Selectors.CallGate,
        },
        new("an absent call gate raises #NP", GuestMode.Kernel32, c => c.call(Selectors.CallGate, 0))
        {
            Given = m => m.SetDescriptor(Selectors.CallGate, Descriptors.Gate(Selectors.Code32, 0, 0xC, present: false)),
            Fault = Vector.SegmentNotPresent, Error = Selectors.CallGate,
        },
        new("a call gate to a null selector is refused", GuestMode.Kernel32, c => c.call(Selectors.CallGate, 0))
        {
            Given = m => m.SetDescriptor(Selectors.CallGate, Descriptors.Gate(0, 0, 0xC)), Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a call gate to absent code raises #NP", GuestMode.Kernel32, c => c.call(Selectors.CallGate, 0))
        {
            Given = m => m.SetDescriptor(Selectors.CallGate, Descriptors.Gate(Selectors.AbsentCode, 0, 0xC)),
            Fault = Vector.SegmentNotPresent, Error = Selectors.AbsentCode,
        },
        new("a call gate inward switches stacks and copies parameters", GuestMode.User32, c => c.call(Selectors.UserCallGate, 0))
        {
            Lands = Layout.Target,
            Given = m => m.Push(4, 0x11, 0x22),
            Then = m =>
            {
                Assert.Equal(0, m.State.PrivilegeLevel);
                Assert.Equal(Layout.Stack0 - 24UL, m.Rsp);
                Assert.Equal([m.End, Selectors.UserCode32 | 3, 0x11, 0x22, Layout.UserStack - 8, Selectors.UserData | 3], m.Frame(6, 4));
            },
        },
        new("a JMP through a call gate cannot change the level", GuestMode.User32, c => c.jmp(Selectors.UserCallGate, 0))
        {
            Fault = Vector.GeneralProtection, Error = Selectors.Code32,
        },
        new("a call gate inward needs a stack in the TSS", GuestMode.User32, c => c.call(Selectors.CallGateTo1, 0))
        {
            Given = m => m.Write(Layout.Tss + 16UL, (ushort)0), Fault = Vector.InvalidTss, Error = 0,
        },
        new("a call gate inward refuses a stack of another level", GuestMode.User32, c => c.call(Selectors.CallGateTo1, 0))
        {
            Given = m => m.Write(Layout.Tss + 16UL, (ushort)Selectors.UserData), Fault = Vector.InvalidTss, Error = Selectors.UserData,
        },
        new("a call gate inward refuses an absent stack with #SS", GuestMode.User32, c => c.call(Selectors.CallGateTo1, 0))
        {
            Given = m => m.SetDescriptor(Selectors.Data1, Descriptors.Segment(0, 0xFFFFF, 0x33, 0xC)),
            Fault = Vector.StackFault, Error = Selectors.Data1,
        },
        new("a call gate inward refuses a TSS that is too short", GuestMode.User32, c => c.call(Selectors.CallGateTo1, 0))
        {
            Given = m => m.State.Tr = m.State.Tr with { Limit = 16 }, Fault = Vector.InvalidTss, Error = Selectors.Tss,
        },
        new("a 64-bit call gate inward pushes eight-byte slots", GuestMode.User64, c => c.call(__fword_ptr[rax]))
        {
            Rax = Layout.Data, Given = m => WriteFarPointer(m, Selectors.UserCallGate),
            Then = m =>
            {
                Assert.Equal([m.End, Selectors.UserCode64 | 3, Layout.UserStack, Selectors.UserData | 3], m.Frame(4, 8));
                Assert.Equal(0, m.State.Ss.Selector);
                Assert.Equal(Layout.Stack0 - 32UL, m.Rsp);
            },
        },
        new("a 64-bit call gate leads to 64-bit code only", GuestMode.Kernel64, c => c.call(__fword_ptr[rax]))
        {
            Rax = Layout.Data,
            Given = m =>
            {
                WriteFarPointer(m, Selectors.CallGate);
                m.SetDescriptor(Selectors.CallGate, Descriptors.Gate(Selectors.Code32, 0, 0xC));
            },
            Fault = Vector.GeneralProtection, Error = Selectors.Code32,
        },
        new("a 64-bit call gate has no type in its upper half", GuestMode.Kernel64, c => c.call(__fword_ptr[rax]))
        {
            Rax = Layout.Data,
            Given = m =>
            {
                WriteFarPointer(m, Selectors.CallGate);
                m.SetDescriptor(Selectors.CallGate, Descriptors.Gate(Selectors.Code64, 0, 0xC), 1UL << 41);
            },
            Fault = Vector.GeneralProtection, Error = Selectors.CallGate,
        },
        new("a TSS is no target in long mode", GuestMode.Kernel64, c => c.jmp(__fword_ptr[rax]))
        {
            Rax = Layout.Data, Given = m => WriteFarPointer(m, Selectors.OtherTss), Fault = Vector.GeneralProtection, Error = Selectors.OtherTss,
        },
        new("a far JMP leads from 64-bit to compatibility mode", GuestMode.Kernel64, c => c.jmp(__fword_ptr[rax]))
        {
            Rax = Layout.Data, Given = m => WriteFarPointer(m, Selectors.Code32), Then = m => Assert.False(m.State.Cs.Attributes.IsLong),
        },
        new("a far JMP leads from compatibility to 64-bit mode", GuestMode.KernelCompatibility, c => c.jmp(Selectors.Code64, Layout.Target))
        {
            Then = m => Assert.True(m.State.Cs.Attributes.IsLong),
        },
        new("code cannot be 64-bit and 32-bit at once", GuestMode.KernelCompatibility, c => c.jmp(Selectors.LongAndBig, 0))
        {
            Fault = Vector.GeneralProtection, Error = Selectors.LongAndBig,
        },
        new("far RET to the same level", GuestMode.Kernel32, c => c.retf())
        {
            Lands = Layout.Target,
            Given = m => m.Push(4, Layout.Target, Selectors.Code32),
            Then = m =>
            {
                Assert.Equal(Layout.KernelStack, m.Rsp);
            },
        },
        new("far RET outward pops the stack and drops parameters of both", GuestMode.Kernel32, c => c.retf(8))
        {
            Given = m => m.Push(4, Layout.Target, Selectors.UserCode32 | 3, 1, 2, Layout.UserStack, Selectors.UserData | 3),
            Then = m =>
            {
                Assert.Equal(3, m.State.PrivilegeLevel);
                Assert.Equal(Layout.UserStack + 8UL, m.Rsp);
                Assert.Equal(Selectors.UserData | 3, m.State.Ss.Selector);
            },
        },
        new("far RET outward drops kernel data segments", GuestMode.Kernel32, c => c.retf())
        {
            Given = m =>
            {
                m.Push(4, Layout.Target, Selectors.UserCode32 | 3, Layout.UserStack, Selectors.UserData | 3);
                m.State.Es = m.State.Es with { Selector = Selectors.UserData, Attributes = new(0xC0F3) };
            },
            Then = m =>
            {
                Assert.True(m.State.Ds.Attributes.IsUnusable);
                Assert.Equal(0, m.State.Ds.Selector);
                Assert.Equal(Selectors.UserData, m.State.Es.Selector);
            },
        },
        new("far RET inward is refused", GuestMode.User32, c => c.retf())
        {
            Given = m => m.Push(4, Layout.Target, Selectors.Code32), Fault = Vector.GeneralProtection, Error = Selectors.Code32,
        },
        new("far RET to a null selector is refused", GuestMode.Kernel32, c => c.retf())
        {
            Given = m => m.Push(4, Layout.Target, 0), Fault = Vector.GeneralProtection, Error = 0,
        },
        new("far RET outward refuses a null stack", GuestMode.Kernel32, c => c.retf())
        {
            Given = m => m.Push(4, Layout.Target, Selectors.UserCode32 | 3, Layout.UserStack, 0), Fault = Vector.GeneralProtection, Error = 0,
        },
        new("far RET outward refuses a stack of another level", GuestMode.Kernel32, c => c.retf())
        {
            Given = m => m.Push(4, Layout.Target, Selectors.UserCode32 | 3, Layout.UserStack, Selectors.Data | 3),
            Fault = Vector.GeneralProtection, Error = Selectors.Data,
        },
        new("far RET with 64-bit operands", GuestMode.Kernel64, c => c.db(0x48, 0xCB))
        {
            Lands = Layout.Target,
            Given = m => m.Push(8, Layout.Target, Selectors.UserCode64 | 3, Layout.UserStack, Selectors.UserData | 3),
            Then = m =>
            {
                Assert.Equal(3, m.State.PrivilegeLevel);
                Assert.True(m.State.Cs.Attributes.IsLong);
                Assert.Equal(Layout.UserStack, m.Rsp);
            },
        },
        new("far RET to a non-canonical address is refused", GuestMode.Kernel64, c => c.db(0x48, 0xCB))
        {
            Given = m => m.Push(8, 0x8000_0000_0000, Selectors.Code64), Fault = Vector.GeneralProtection, Error = 0,
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);

    private static void WriteFarPointer(Guest guest, ushort selector)
    {
        guest.Write(Layout.Data, Layout.Target);
        guest.Write(Layout.Data + 4UL, selector);
    }
}
