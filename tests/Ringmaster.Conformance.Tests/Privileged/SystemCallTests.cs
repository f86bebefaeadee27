using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu.State;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Privileged;

/// <summary>SYSCALL, SYSRET, SYSENTER, SYSEXIT on both vendors' processors (SDM 2B; APM 3).</summary>
public sealed class SystemCallTests
{
    private const ulong Star = (ulong)(Selectors.UserCode32 & ~3) << 48 | (ulong)Selectors.Code64 << 32 | Layout.Target;
    private const ulong HighHalf = Layout.HighHalf | Layout.Target, NonCanonical = 0x8000_0000_0000;

    private static readonly CaseTable s_cases = new()
    {
        new("SYSCALL enters the kernel", GuestMode.User64, c => c.syscall())
        {
            Lands = Layout.Target,
            Given = m =>
            {
                Prepare(m);
                m.State.Rflags = 0x246;
            },
            Then = m =>
            {
                Assert.Equal(m.End, m.Rcx);
                Assert.Equal(0x246UL, m.State.Registers[11]);
                Assert.Equal(0x46UL, m.State.Rflags);
                Assert.Equal(Selectors.Code64, m.State.Cs.Selector);
                Assert.Equal(Selectors.Data, m.State.Ss.Selector);
                Assert.Equal(0, m.State.PrivilegeLevel);
                Assert.Equal(0xA09BU, m.State.Cs.Attributes.Value);
                Assert.Equal(0xC093U, m.State.Ss.Attributes.Value);
            },
        },
        new("SYSCALL without EFER.SCE is undefined", GuestMode.User64, c => c.syscall())
        {
            Given = m => m.State.Msr.Efer &= ~1UL, Fault = Vector.InvalidOpcode,
        },
        new("SYSCALL from compatibility mode goes to CSTAR on AMD", GuestMode.UserCompatibility, c => c.syscall())
        {
            Given = Prepare, Then = m => Assert.Equal(Layout.Target + 0x100UL, m.State.Rip),
        },
        new("SYSCALL from compatibility mode is undefined on Intel", GuestMode.UserCompatibility, c => c.syscall())
        {
            Intel = true, Given = Prepare, Fault = Vector.InvalidOpcode,
        },
        new("SYSCALL in legacy mode takes EIP from STAR on AMD", GuestMode.User32, c => c.syscall())
        {
            Lands = Layout.Target,
            Given = m =>
            {
                Prepare(m);
                m.State.Msr.Efer = 1;
                m.State.Rflags = 0x202;
            },
            Then = m =>
            {
                Assert.Equal(m.End, m.Rcx);
                Assert.Equal(2UL, m.State.Rflags);
            },
        },
        new("SYSRET returns to 64-bit user code", GuestMode.Kernel64, c => c.sysretq())
        {
            Lands = Layout.Target,
            Rcx = Layout.Target,
            Given = m =>
            {
                Prepare(m);
                m.State.Registers[11] = 0x3_0AD7;
            },
            Then = m =>
            {
                Assert.Equal(Selectors.UserCode64 | 3, m.State.Cs.Selector);
                Assert.Equal(Selectors.UserData | 3, m.State.Ss.Selector);
                Assert.Equal(3, m.State.PrivilegeLevel);
                // RF and VM are not taken.
                Assert.Equal(0xAD7UL, m.State.Rflags);
            },
        },
        new("SYSRET returns to compatibility mode", GuestMode.Kernel64, c => c.sysret())
        {
            Rcx = 0xFFFF_FFFF_0004_0000, Given = Prepare,
            Then = m =>
            {
                Assert.Equal(0x4_0000UL, m.State.Rip);
                Assert.Equal(Selectors.UserCode32 | 3, m.State.Cs.Selector);
                Assert.True(m.State.Cs.Attributes.IsBig);
            },
        },
        new("SYSRET to a non-canonical address faults in the kernel on Intel", GuestMode.Kernel64, c => c.sysretq())
        {
            Intel = true, Rcx = NonCanonical, Given = Prepare, Fault = Vector.GeneralProtection, Error = 0,
            Then = m => Assert.Equal(Selectors.Code64, m.Pushed().Cs),
        },
        new("SYSRET to a non-canonical address faults in user code on AMD", GuestMode.Kernel64, c => c.sysretq())
        {
            Rcx = NonCanonical, Given = Prepare, Fault = Vector.GeneralProtection, Error = 0, At = m => NonCanonical,
            Then = m => Assert.Equal(Selectors.UserCode64 | 3, m.Pushed().Cs),
        },
        new("SYSRET keeps SS's hidden part on AMD", GuestMode.Kernel64, c => c.sysretq())
        {
            Rcx = Layout.Target,
            Given = m =>
            {
                Prepare(m);
                m.State.Ss = new Segment(0, 0, 0, SegmentAttributes.Unusable);
            },
            Then = m =>
            {
                Assert.True(m.State.Ss.Attributes.IsUnusable);
                Assert.Equal(3, m.State.PrivilegeLevel);
            },
        },
        new("SYSRET loads SS's hidden part on Intel", GuestMode.Kernel64, c => c.sysretq())
        {
            Intel = true, Rcx = Layout.Target,
            Given = m =>
            {
                Prepare(m);
                m.State.Ss = new Segment(0, 0, 0, SegmentAttributes.Unusable);
            },
            Then = m => Assert.Equal(0xC0F3U, m.State.Ss.Attributes.Value),
        },
        new("SYSRET in user code is refused", GuestMode.User64, c => c.sysretq())
        {
            Given = Prepare, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("SYSRET with TF traps at once", GuestMode.Kernel64, c => c.sysretq())
        {
            Rcx = Layout.Target,
            Given = m =>
            {
                Prepare(m);
                m.State.Registers[11] = 0x302;
            },
            Fault = Vector.Debug, At = m => Layout.Target, 
        },
        new("SYSCALL with TF masked does not trap", GuestMode.User64, c => c.syscall())
        {
            Lands = Layout.Target,
            Given = m =>
            {
                Prepare(m);
                m.State.Rflags |= 0x100;
            },
        },
        new("SYSENTER is undefined in long mode on AMD", GuestMode.User64, c => c.sysenter())
        {
            Given = Prepare, Fault = Vector.InvalidOpcode,
        },
        new("SYSENTER enters 64-bit code on Intel", GuestMode.UserCompatibility, c => c.sysenter())
        {
            Intel = true, Given = Prepare,
            Then = m =>
            {
                Assert.Equal(HighHalf, m.State.Rip);
                Assert.Equal(HighHalf + 0x1000, m.Rsp);
                Assert.Equal(0xA09BU, m.State.Cs.Attributes.Value);
            },
        },
        new("SYSENTER without a code segment is refused", GuestMode.User32, c => c.sysenter())
        {
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("SYSENTER in 32-bit mode uses 32 bits", GuestMode.User32, c => c.sysenter())
        {
            Lands = Layout.Target,
            Given = m =>
            {
                m.State.Msr.SysenterCs = Selectors.Code64;
                m.State.Msr.SysenterEip = Layout.Target;
                m.State.Msr.SysenterEsp = Layout.Stack0;
                m.State.Rflags |= 0x200;
            },
            Then = m =>
            {
                Assert.Equal(Layout.Stack0, m.Rsp);
                Assert.Equal(2UL, m.State.Rflags);
                Assert.Equal(0xC09BU, m.State.Cs.Attributes.Value);
            },
        },
        new("SYSEXIT returns to 64-bit user code", GuestMode.Kernel64, c => c.sysexitq())
        {
            Lands = Layout.Target,
            Intel = true, Rcx = Layout.UserStack, Rdx = Layout.Target, Given = Prepare,
            Then = m =>
            {
                Assert.Equal(Layout.UserStack, m.Rsp);
                Assert.Equal((Selectors.Code64 + 32) | 3, m.State.Cs.Selector);
                Assert.Equal((Selectors.Code64 + 40) | 3, m.State.Ss.Selector);
            },
        },
        new("SYSEXIT to a non-canonical address is refused", GuestMode.Kernel64, c => c.sysexitq())
        {
            Intel = true, Rdx = NonCanonical, Given = Prepare, Fault = Vector.GeneralProtection, Error = 0,
        },
        new("SYSEXIT in user code is refused", GuestMode.User32, c => c.sysexit())
        {
            Intel = true, Given = Prepare, Fault = Vector.GeneralProtection, Error = 0,
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);

    private static void Prepare(Guest guest)
    {
        ref var msr = ref guest.State.Msr;
        msr.Star = Star;
        msr.Lstar = Layout.Target;
        msr.Cstar = Layout.Target + 0x100;
        msr.Fmask = 0x4_7700;
        msr.SysenterCs = Selectors.Code64;
        msr.SysenterEip = HighHalf;
        msr.SysenterEsp = HighHalf + 0x1000;
    }
}
