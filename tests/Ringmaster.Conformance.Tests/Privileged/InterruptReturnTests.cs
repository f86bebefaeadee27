using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Privileged;

/// <summary>IRET in all its forms (SDM 2A IRET).</summary>
public sealed class InterruptReturnTests
{
    private static readonly CaseTable s_cases = new()
    {
        new("IRET in real mode loads all flags", GuestMode.Real, c => c.iret())
        {
            Given = m => m.Push(2, 0x10, 0x4000, 0x7FD7),
            Then = m =>
            {
                Assert.Equal(0x4_0010UL, m.State.Cs.Base + m.State.Rip);
                Assert.Equal(0x7FD7UL, m.State.Rflags);
            },
        },
        new("IRETD to the same level", GuestMode.Kernel32, c => c.iretd())
        {
            Lands = Layout.Target,
            Given = m => m.Push(4, Layout.Target, Selectors.Code32, 0x3202),
            Then = m =>
            {
                Assert.Equal(Layout.KernelStack, m.Rsp);
                Assert.Equal(0x3202UL, m.State.Rflags);
            },
        },
        new("IRETD outward pops the stack", GuestMode.Kernel32, c => c.iretd())
        {
            Given = m => m.Push(4, Layout.Target, Selectors.UserCode32 | 3, 0x202, Layout.UserStack, Selectors.UserData | 3),
            Then = m =>
            {
                Assert.Equal(3, m.State.PrivilegeLevel);
                Assert.Equal(Layout.UserStack, m.Rsp);
                Assert.True(m.State.Ds.Attributes.IsUnusable);
            },
        },
        new("user code cannot change IF and IOPL", GuestMode.User32, c => c.iretd())
        {
            Given = m => m.Push(4, Layout.Target, Selectors.UserCode32 | 3, 0x3ED7), Then = m => Assert.Equal(0xCD7UL, m.State.Rflags),
        },
        new("user code at IOPL 3 can change IF", GuestMode.User32, c => c.iretd())
        {
            Given = m =>
            {
                m.State.Rflags = 0x3002;
                m.Push(4, Layout.Target, Selectors.UserCode32 | 3, 0x202);
            },
            Then = m => Assert.Equal(0x3202UL, m.State.Rflags),
        },
        new("IRET with 16-bit operands keeps the upper flags", GuestMode.Kernel32, c => c.iret())
        {
            Given = m =>
            {
                m.State.Rflags = 0x20_0002;
                m.Push(2, 0x1000, Selectors.Code32, 2);
            },
            Then = m => Assert.Equal(0x20_0002UL, m.State.Rflags),
        },
        new("IRETD enters virtual-8086 mode", GuestMode.Kernel32, c => c.iretd())
        {
            Given = m => m.Push(4, 0x10, 0x4000, 0x2_3202, 0x8000, 0x2800, 1, 2, 3, 4),
            Then = m =>
            {
                Assert.Equal(0x2_3202UL, m.State.Rflags);
                Assert.Equal(0x4_0000UL, m.State.Cs.Base);
                Assert.Equal(0x8000UL, m.Rsp);
                Assert.Equal([(ushort)0x2800, (ushort)1, (ushort)2, (ushort)3, (ushort)4],
                    [m.State.Ss.Selector, m.State.Es.Selector, m.State.Ds.Selector, m.State.Fs.Selector, m.State.Gs.Selector]);
                Assert.Equal(0xF3U, m.State.Ds.Attributes.Value);
                Assert.Equal(3, m.State.PrivilegeLevel);
            },
        },
        new("user code cannot enter virtual-8086 mode", GuestMode.User32, c => c.iretd())
        {
            Given = m => m.Push(4, Layout.Target, Selectors.UserCode32 | 3, 0x2_0002), Then = m => Assert.Equal(2UL, m.State.Rflags),
        },
        new("IRET in virtual-8086 mode below IOPL 3 is refused", GuestMode.Virtual8086Restricted, c => c.iret())
        {
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("IRET in virtual-8086 mode keeps VM and IOPL", GuestMode.Virtual8086, c => c.iret())
        {
            Given = m => m.Push(2, 0x10, 0x4000, 0x202), Then = m => Assert.Equal(0x2_3202UL, m.State.Rflags),
        },
        new("with VME, IRET loads VIF from the image's IF", GuestMode.Virtual8086Restricted, c => c.iret())
        {
            Given = m =>
            {
                m.State.Cr4 |= 1;
                m.Push(2, 0x10, 0x4000, 0x202);
            },
            Then = m => Assert.Equal(0xA_0002UL, m.State.Rflags),
        },
        new("with VME, IRET to a pending virtual interrupt is refused", GuestMode.Virtual8086Restricted, c => c.iret())
        {
            Given = m =>
            {
                m.State.Cr4 |= 1;
                m.State.Rflags |= 0x10_0000;
                m.Push(2, 0x10, 0x4000, 0x202);
            },
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("IRETQ pops SS:RSP without a change of level", GuestMode.Kernel64, c => c.iretq())
        {
            Lands = Layout.Target,
            Given = m => m.Push(8, Layout.Target, Selectors.Code64, 0x202, Layout.Stack0, Selectors.Data),
            Then = m =>
            {
                Assert.Equal(Layout.Stack0, m.Rsp);
            },
        },
        new("IRETQ takes a null stack below level 3", GuestMode.Kernel64, c => c.iretq())
        {
            Given = m => m.Push(8, Layout.Target, Selectors.Code64, 2, Layout.Stack0, 0), Then = m => Assert.Equal(0, m.State.PrivilegeLevel),
        },
        new("IRETQ refuses a null stack for level 3", GuestMode.Kernel64, c => c.iretq())
        {
            Given = m => m.Push(8, Layout.Target, Selectors.UserCode64 | 3, 2, Layout.UserStack, 3), Fault = Vector.GeneralProtection, Error = 0,
        },
        new("IRETQ returns to user code", GuestMode.Kernel64, c => c.iretq())
        {
            Given = m => m.Push(8, Layout.Target, Selectors.UserCode64 | 3, 0x202, Layout.UserStack, Selectors.UserData | 3),
            Then = m =>
            {
                Assert.Equal(3, m.State.PrivilegeLevel);
                Assert.Equal(Selectors.UserData | 3, m.State.Ss.Selector);
            },
        },
        new("IRETQ returns to compatibility mode", GuestMode.Kernel64, c => c.iretq())
        {
            Given = m => m.Push(8, Layout.Target, Selectors.UserCode32 | 3, 0x202, Layout.UserStack, Selectors.UserData | 3),
            Then = m => Assert.False(m.State.Cs.Attributes.IsLong),
        },
        new("IRETQ to compatibility code beyond 32 bits is refused", GuestMode.Kernel64, c => c.iretq())
        {
            Given = m => m.Push(8, 0x1_0000_0000, Selectors.UserCode32 | 3, 0x202, Layout.UserStack, Selectors.UserData | 3),
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("IRETQ to a non-canonical address is refused", GuestMode.Kernel64, c => c.iretq())
        {
            Given = m => m.Push(8, 0x8000_0000_0000, Selectors.Code64, 2, Layout.Stack0, Selectors.Data),
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("IRETQ with NT is refused in long mode", GuestMode.Kernel64, c => c.iretq())
        {
            Given = m => m.State.Rflags |= 0x4000, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("IRET lets NMIs through again", GuestMode.Kernel64, c => c.iretq())
        {
            Given = m =>
            {
                m.State.NmiBlocked = true;
                m.Push(8, Layout.Target, Selectors.Code64, 2, Layout.Stack0, Selectors.Data);
            },
            Then = m => Assert.False(m.State.NmiBlocked),
        },
        new("an IRET that faults lets NMIs through too", GuestMode.Kernel64, c => c.iretq())
        {
            Given = m =>
            {
                m.State.NmiBlocked = true;
                m.Push(8, Layout.Target, 0, 2, Layout.Stack0, Selectors.Data);
            },
            Fault = Vector.GeneralProtection, Error = 0, Then = m => Assert.False(m.State.NmiBlocked),
        },
        new("IRET carries RF to the instruction it returns to", GuestMode.Kernel32, c => c.iretd())
        {
            Lands = Layout.Target,
            Given = m =>
            {
                m.Push(4, Layout.Target, Selectors.Code32, 0x1_0002);
                (m.State.Dr0, m.State.Dr7) = (Layout.Target, 0x402);
            },
        },
        new("RF lasts for one instruction", GuestMode.Kernel32, c => c.iretd())
        {
            Given = m =>
            {
                m.Push(4, Layout.Target, Selectors.Code32, 0x1_0002);
                m.Write(Layout.Target, (byte)0xFA);
                (m.State.Dr0, m.State.Dr7) = (Layout.Target + 1, 0x402);
            },
            Fault = Vector.Debug, At = m => Layout.Target + 1, Then = m => Assert.Equal(0UL, m.Pushed().Flags & 0x1_0000),
        },
        new("IRET to TF traps after the instruction it returns to", GuestMode.Kernel32, c => c.iretd())
        {
            Given = m =>
            {
                m.Push(4, Layout.Target, Selectors.Code32, 0x102);
                m.Write(Layout.Target, (byte)0xFA);
            },
            Fault = Vector.Debug, At = m => Layout.Target + 1, Then = m => Assert.Equal(0x4000UL, m.State.Dr6 & 0xF00F),
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);
}
