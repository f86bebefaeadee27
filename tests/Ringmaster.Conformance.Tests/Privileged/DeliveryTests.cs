using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu.State;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Privileged;

/// <summary>Delivery of events through every kind of table (SDM 3A chapter 6).</summary>
public sealed class DeliveryTests
{
    private const ulong Interrupts = 0x200, Resume = 0x1_0000;

    private static readonly CaseTable s_cases = new()
    {
        new("INT n in real mode pushes FLAGS, CS and IP", GuestMode.Real, c => c.@int(0x30))
        {
            Handler = 0x30,
            Given = m => m.State.Rflags = 0x4_0302,
            Then = m =>
            {
                Assert.Equal(0x2_0300UL, m.State.Cs.Base + m.State.Rip);
                Assert.Equal([m.End, 0x1000, 0x302], m.Frame(3, 2));
                // IF, TF and AC are cleared.
                Assert.Equal(2UL, m.State.Rflags);
            },
        },
        new("INT n beyond the real-mode table raises #GP without an error code", GuestMode.Real, c => c.@int(0x21))
        {
            Given = m => m.State.Idtr = new DescriptorTable(0, 0x83), Fault = Vector.GeneralProtection,
        },
        new("an event without a real-mode table shuts down", GuestMode.Real, c => c.@int(0x21))
        {
            Given = m => m.State.Idtr = new DescriptorTable(0, 3), 
            Ends = Ending.Shutdown,
        },
        new("an exception in 32-bit mode pushes EFLAGS with RF, CS and EIP", GuestMode.Kernel32, c => c.ud2())
        {
            Given = m => m.State.Rflags = Interrupts | 2, Fault = Vector.InvalidOpcode,
            Then = m =>
            {
                Assert.Equal([Layout.Code, Selectors.Code32, Resume | Interrupts | 2], m.Frame(3, 4));
                Assert.Equal(2UL, m.State.Rflags);
            },
        },
        new("an error code is pushed last", GuestMode.Kernel32, c => c.mov(ds, eax))
        {
            Rax = Selectors.AbsentData, Fault = Vector.SegmentNotPresent, Error = Selectors.AbsentData,
            Then = m => Assert.Equal([Selectors.AbsentData, Layout.Code, Selectors.Code32], m.Frame(3, 4)),
        },
        new("a trap gate leaves IF", GuestMode.Kernel32, c => c.@int(0x81))
        {
            Lands = Layout.Target,
            Given = m =>
            {
                m.State.Rflags = Interrupts | 2;
                m.SetGate(0x81, Selectors.Code32, Layout.Target, 0xF);
            },
            Then = m => Assert.Equal(Interrupts | 2, m.State.Rflags),
        },
        new("a 16-bit gate pushes words and takes a 16-bit offset", GuestMode.Kernel32, c => c.@int(0x81))
        {
            Lands = 0x5678,
            Given = m =>
            {
                m.SetGate(0x81, Selectors.Code32, 0x4_5678, 6);
                m.Write(0x4_5678, Layout.Mark);
            },
            Then = m =>
            {
                Assert.Equal([m.End & 0xFFFF, Selectors.Code32, 2], m.Frame(3, 2));
            },
        },
        new("an event from user code switches to the task's stack", GuestMode.User32, c => c.@int(0x80))
        {
            Handler = 0x80,
            Then = m =>
            {
                Assert.Equal(0, m.State.PrivilegeLevel);
                Assert.Equal([m.End, Selectors.UserCode32 | 3, 2, Layout.UserStack, Selectors.UserData | 3], m.Frame(5, 4));
                Assert.Equal(Layout.Stack0 - 20UL, m.Rsp);
                // Data segments stay as they are.
                Assert.Equal(Selectors.UserData | 3, m.State.Ds.Selector);
            },
        },
        new("a handler in conforming code runs at the level of the code it interrupts", GuestMode.User32, c => c.@int(0x80))
        {
            Lands = Layout.Target,
            Given = m => m.SetGate(0x80, Selectors.Conforming32, Layout.Target, 0xE, level: 3),
            Then = m =>
            {
                Assert.Equal(3, m.State.PrivilegeLevel);
                Assert.Equal(Selectors.Conforming32 | 3, m.State.Cs.Selector);
            },
        },
        new("user code needs a gate of level 3 for INT n", GuestMode.User32, c => c.@int(0x40))
        {
            Fault = Vector.GeneralProtection, Error = 0x40 * 8 + 2,
        },
        new("INT3 needs a gate of level 3", GuestMode.User32, c => c.int3())
        {
            Given = m => m.SetGate(3, Selectors.Code32, Layout.Target, 0xE), Fault = Vector.GeneralProtection, Error = 3 * 8 + 2,
        },
        new("INT3 pushes the next instruction", GuestMode.User32, c => c.int3())
        {
            Handler = 3,
            Then = m => Assert.Equal([m.End], m.Frame(1, 4)),
        },
        new("INT1 does not look at the gate's level", GuestMode.User32, c => c.db(0xF1))
        {
            Handler = 1,
        },
        new("INTO raises #OF when OF is set", GuestMode.Kernel32, c => c.into())
        {
            Given = m => m.State.Rflags = 0x802, Handler = 4,
        },
        new("INTO goes on when OF is clear", GuestMode.Kernel32, c => c.into()) { Lands = Layout.Code + 1 },
        new("BOUND raises #BR below the lower bound", GuestMode.Kernel32, c => c.bound(eax, __[Layout.Data]))
        {
            Rax = 0xFFFF_FFFF, Given = m => m.Write(Layout.Data + 4UL, 10U), Fault = Vector.BoundRange,
        },
        new("BOUND accepts its bounds", GuestMode.Kernel32, c => c.bound(eax, __[Layout.Data]))
        {
            Rax = 10, Given = m => m.Write(Layout.Data + 4UL, 10U),
        },
        new("a gate that is no gate is refused", GuestMode.Kernel32, c => c.@int(0x81))
        {
            Given = m => m.SetGate(0x81, Selectors.Code32, 0, 0xC), Fault = Vector.GeneralProtection, Error = 0x81 * 8 + 2,
        },
        new("an absent gate raises #NP", GuestMode.Kernel32, c => c.@int(0x81))
        {
            Given = m => m.SetGate(0x81, Selectors.Code32, 0, 0xE, present: false),
            Fault = Vector.SegmentNotPresent, Error = 0x81 * 8 + 2,
        },
        new("a gate beyond the table is refused", GuestMode.Kernel32, c => c.@int(0x81))
        {
            Given = m => m.State.Idtr = m.State.Idtr with { Limit = 0x400 }, Fault = Vector.GeneralProtection, Error = 0x81 * 8 + 2,
        },
        new("a gate to a null selector is refused", GuestMode.Kernel32, c => c.@int(0x81))
        {
            Given = m => m.SetGate(0x81, 0, 0, 0xE), Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a gate to data is refused", GuestMode.Kernel32, c => c.@int(0x81))
        {
            Given = m => m.SetGate(0x81, Selectors.Data, 0, 0xE), Fault = Vector.GeneralProtection, Error = Selectors.Data,
        },
        new("a gate to absent code raises #NP", GuestMode.Kernel32, c => c.@int(0x81))
        {
            Given = m => m.SetGate(0x81, Selectors.AbsentCode, 0, 0xE), Fault = Vector.SegmentNotPresent, Error = Selectors.AbsentCode,
        },
        new("a gate outward is refused", GuestMode.Kernel32, c => c.@int(0x81))
        {
            Given = m => m.SetGate(0x81, Selectors.UserCode32, 0, 0xE), Fault = Vector.GeneralProtection, Error = Selectors.UserCode32,
        },
        new("a handler beyond its segment is refused", GuestMode.Kernel32, c => c.@int(0x81))
        {
            Given = m => m.SetGate(0x81, Selectors.SmallCode, 0x1000, 0xE), Fault = Vector.GeneralProtection, Error = 0,
        },
        new("no room on the task's stack raises #SS by name", GuestMode.User32, c => c.@int(0x80))
        {
            Given = m =>
            {
                m.SetGate(0x80, Selectors.Code1, Layout.Target, 0xE, level: 3);
                m.SetDescriptor(Selectors.Data1, Descriptors.Segment(0, 0xFFF, 0xB3, 4));
            }, Fault = Vector.StackFault, Error = Selectors.Data1,
        },
        new("virtual-8086 mode pushes its data segments too", GuestMode.Virtual8086, c => c.@int(0x80))
        {
            Handler = 0x80,
            Given = m => m.State.Fs = m.State.Fs with { Selector = 0x77 },
            Then = m =>
            {
                Assert.Equal([m.End, 0x1000, 0x2_3002, 0x8000, 0x2800, 0xA00, 0xA00, 0x77, 0xA00], m.Frame(9, 4));
                Assert.True(m.State.Ds.Attributes.IsUnusable);
                Assert.Equal(0UL, m.State.Rflags & 0x2_0000);
                Assert.Equal(0, m.State.PrivilegeLevel);
            },
        },
        new("INT n in virtual-8086 mode needs IOPL 3", GuestMode.Virtual8086Restricted, c => c.@int(0x80))
        {
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("INT3 in virtual-8086 mode does not need IOPL 3", GuestMode.Virtual8086Restricted, c => c.int3())
        {
            Handler = 3,
        },
        new("a handler of virtual-8086 code must be at level 0", GuestMode.Virtual8086, c => c.@int(0x80))
        {
            Given = m => m.SetGate(0x80, Selectors.Conforming32, 0, 0xE, level: 3), Fault = Vector.GeneralProtection, Error = Selectors.Conforming32,
        },
        new("with VME, a clear bit sends INT n to the program's own table", GuestMode.Virtual8086, c => c.@int(0x21))
        {
            Handler = 0x21,
            Given = m =>
            {
                m.State.Cr4 |= 1;
                m.State.Rflags |= Interrupts;
            },
            Then = m =>
            {
                Assert.Equal(0x2_0210UL, m.State.Cs.Base + m.State.Rip);
                Assert.Equal([m.End, 0x1000, 0x3202], m.Frame(3, 2));
                Assert.Equal(0x2_3002UL, m.State.Rflags);
            },
        },
        new("with VME below IOPL 3, the pushed IF is the virtual one", GuestMode.Virtual8086Restricted, c => c.@int(0x21))
        {
            Handler = 0x21,
            Given = m =>
            {
                m.State.Cr4 |= 1;
                m.State.Rflags |= 0x8_0000;
            },
            Then = m =>
            {
                Assert.Equal([m.End, 0x1000, 0x3202], m.Frame(3, 2));
                Assert.Equal(0x2_0002UL, m.State.Rflags);
            },
        },
        new("with VME, a set bit sends INT n to the monitor", GuestMode.Virtual8086, c => c.@int(0x80))
        {
            Handler = 0x80,
            Given = m =>
            {
                m.State.Cr4 |= 1;
                m.Write(Layout.Tss + Layout.IoMap - 32UL + 0x10, (byte)1);
            },
            Then = m => Assert.Equal(0, m.State.PrivilegeLevel),
        },
        new("with VME below IOPL 3, a set bit raises #GP", GuestMode.Virtual8086Restricted, c => c.@int(0x80))
        {
            Given = m =>
            {
                m.State.Cr4 |= 1;
                m.Write(Layout.Tss + Layout.IoMap - 32UL + 0x10, (byte)1);
            },
            Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a 64-bit event always pushes SS:RSP and aligns", GuestMode.Kernel64, c => c.ud2())
        {
            Given = m => m.Rsp -= 4, Fault = Vector.InvalidOpcode,
            Then = m =>
            {
                Assert.Equal(Layout.KernelStack - 16 - 40UL, m.Rsp);
                Assert.Equal([Layout.Code, Selectors.Code64, Resume | 2, Layout.KernelStack - 4, Selectors.Data], m.Frame(5, 8));
                Assert.Equal(Selectors.Data, m.State.Ss.Selector);
            },
        },
        new("a 64-bit event from user code runs on RSP0 and a null SS", GuestMode.User64, c => c.@int(0x80))
        {
            Handler = 0x80,
            Then = m =>
            {
                Assert.Equal([m.End, Selectors.UserCode64 | 3, 2, Layout.UserStack, Selectors.UserData | 3], m.Frame(5, 8));
                Assert.Equal(0, m.State.Ss.Selector);
                Assert.Equal(0, m.State.PrivilegeLevel);
                Assert.Equal(Layout.Stack0 - 40UL, m.Rsp);
            },
        },
        new("the interrupt stack table is used and aligned", GuestMode.Kernel64, c => c.@int(0x81))
        {
            Lands = Layout.Target,
            Given = m => m.SetGate(0x81, Selectors.Code64, Layout.Target, 0xE, stack: 1),
            Then = m => Assert.Equal(Layout.InterruptStack1 - 40UL, m.Rsp),
        },
        new("an interrupt stack beyond the TSS raises #TS", GuestMode.Kernel64, c => c.@int(0x81))
        {
            Given = m =>
            {
                m.SetGate(0x81, Selectors.Code64, Layout.Target, 0xE, stack: 7);
                m.State.Tr = m.State.Tr with { Limit = 0x50 };
            },
            Fault = Vector.InvalidTss, Error = Selectors.Tss,
        },
        new("a non-canonical interrupt stack raises #SS", GuestMode.Kernel64, c => c.@int(0x81))
        {
            Given = m =>
            {
                m.SetGate(0x81, Selectors.Code64, Layout.Target, 0xE, stack: 1);
                m.Write(Layout.Tss + 36UL, 0x9000_0000_0000UL);
            },
            Fault = Vector.StackFault, Error = 0,
        },
        new("a non-canonical handler is refused", GuestMode.Kernel64, c => c.@int(0x81))
        {
            Given = m => m.SetGate(0x81, Selectors.Code64, 0x8000_0000_0000, 0xE), Fault = Vector.GeneralProtection, Error = 0,
        },
        new("a 64-bit handler must be 64-bit code", GuestMode.Kernel64, c => c.@int(0x81))
        {
            Given = m => m.SetGate(0x81, Selectors.Code32, Layout.Target, 0xE), Fault = Vector.GeneralProtection, Error = Selectors.Code32,
        },
        new("long mode has no task gates", GuestMode.Kernel64, c => c.@int(0x81))
        {
            Given = m => m.SetGate(0x81, Selectors.OtherTss, 0, 5), Fault = Vector.GeneralProtection, Error = 0x81 * 8 + 2,
        },
        new("compatibility code is interrupted through the 64-bit table", GuestMode.UserCompatibility, c => c.@int(0x80))
        {
            Handler = 0x80,
            Then = m =>
            {
                Assert.True(m.State.Cs.Attributes.IsLong);
                Assert.Equal([m.End, Selectors.UserCode32 | 3], m.Frame(2, 8));
            },
        },
        new("errors during the delivery of an exception carry EXT", GuestMode.Kernel32, c => c.ud2())
        {
            Given = m => m.SetGate(6, Selectors.AbsentCode, 0, 0xE), Fault = Vector.SegmentNotPresent, Error = Selectors.AbsentCode | 1,
        },
        new("an invalid opcode's bad gate ends in its #GP, not in #DF", GuestMode.Kernel32, c => c.ud2())
        {
            Given = m => m.SetGate(6, 0, 0, 0xE), Fault = Vector.GeneralProtection, Error = 1,
        },
        new("#NP whose gate is absent ends in #DF with error code 0", GuestMode.Kernel32, c => c.mov(ds, eax))
        {
            Rax = Selectors.AbsentData, Given = m => m.SetGate(11, Selectors.Code32, 0, 0xE, present: false),
            Fault = Vector.DoubleFault, Error = 0,
            Then = m =>
            {
                // #DF is an abort: RF is as it was.
                Assert.Equal([0, Layout.Code, Selectors.Code32, 2], m.Frame(4, 4));
            },
        },
        new("a third fault shuts down", GuestMode.Kernel32, c => c.mov(ds, eax))
        {
            Rax = Selectors.AbsentData,
            Given = m =>
            {
                m.SetGate(11, Selectors.Code32, 0, 0xE, present: false);
                m.SetGate(8, Selectors.Code32, 0, 0xE, present: false);
            },
            Ends = Ending.Shutdown,
        },
        new("page faults on the way to every handler shut down", GuestMode.User64, c => c.hlt())
        {
            Given = m => m.SetPage(Layout.Stack0 - 1UL, 1), Ends = Ending.Shutdown,
        },
        new("a page fault on the way to #GP reaches a handler with its own stack", GuestMode.User64, c => c.hlt())
        {
            Given = m =>
            {
                m.SetPage(Layout.Stack0 - 1UL, 1);
                m.SetGate(14, Selectors.Code64, Layout.Handler(14), 0xE, stack: 1);
            },
            Fault = Vector.PageFault, Error = 2,
            Then = m =>
            {
                Assert.Equal(Layout.Stack0 - 8UL, m.State.Cr2);
            },
        },
        new("a page fault while #PF is delivered is a double fault", GuestMode.User64, c => c.hlt())
        {
            Given = m =>
            {
                m.SetPage(Layout.Code, 1);
                m.SetPage(Layout.Stack0 - 1UL, 1);
                m.SetGate(8, Selectors.Code64, Layout.Handler(8), 0xE, stack: 1);
            },
            Fault = Vector.DoubleFault, Error = 0,
        },
        new("a software interrupt that faults leaves RIP and no EXT", GuestMode.User64, c => c.@int(0x80))
        {
            Given = m => m.SetGate(0x80, Selectors.AbsentCode, 0, 0xE, level: 3),
            Fault = Vector.SegmentNotPresent, Error = Selectors.AbsentCode,
        },
        new("INT n with TF set does not trap", GuestMode.User64, c => c.@int(0x80))
        {
            Handler = 0x80,
            Given = m => m.State.Rflags |= 0x100, Then = m => Assert.Equal(0x102UL, m.Frame(3, 8)[2]),
        },
        new("an external interrupt pushes the next instruction and keeps RF", GuestMode.Kernel64, c => c.hlt())
        {
            Given = m => m.State.Pending = new PendingException(0x50, null, PendingExceptionKind.ExternalInterrupt),
            Handler = 0x50,
            Then = m =>
            {
                Assert.Equal([Layout.Code, Selectors.Code64, 2], m.Frame(3, 8));
            },
        },
        new("an NMI blocks others until IRET", GuestMode.Kernel64, c => c.hlt())
        {
            Handler = 2,
            Given = m => m.State.Pending = new PendingException(2, null, PendingExceptionKind.NonMaskableInterrupt),
            Then = m => Assert.True(m.State.NmiBlocked),
        },
        new("an external interrupt with a bad gate carries EXT", GuestMode.Kernel64, c => c.hlt())
        {
            Given = m =>
            {
                m.State.Pending = new PendingException(0x50, null, PendingExceptionKind.ExternalInterrupt);
                m.SetGate(0x50, Selectors.Code64, 0, 0xE, present: false);
            },
            Fault = Vector.SegmentNotPresent, Error = 0x50 * 8 + 3,
        },
        new("HLT stops the processor behind itself", GuestMode.Kernel64, c => c.hlt())
        {
            Ends = Ending.Halt,
            Then = m =>
            {
                Assert.Equal(ActivityState.Halted, m.State.Activity);
                Assert.Equal(m.End, m.State.Rip);
            },
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);
}
