using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Privileged;

/// <summary>Hardware task switches (SDM 3A 7.3).</summary>
public sealed class TaskSwitchTests
{
    private const ulong Busy = 2, NestedTask = 0x4000;

    private static readonly CaseTable s_cases = new()
    {
        new("JMP to a TSS loads the task and saves the old one", GuestMode.Kernel32, c => c.jmp(Selectors.OtherTss, 0))
        {
            Lands = Layout.Target,
            Rax = 0x1111,
            Given = m => WriteTask(m),
            Then = m =>
            {
                Assert.Equal(0xA0UL, m.Rax);
                Assert.Equal(Layout.Stack1, m.Rsp);
                Assert.Equal(Selectors.OtherTss, m.State.Tr.Selector);
                Assert.Equal(0UL, m.State.Rflags & NestedTask);
                Assert.Equal(8UL, m.State.Cr0 & 8);
                Assert.Equal((uint)m.End, m.Read<uint>(Layout.Tss + 32UL));
                Assert.Equal(0x1111U, m.Read<uint>(Layout.Tss + 40UL));
                Assert.Equal(Selectors.Code32, m.Read<ushort>(Layout.Tss + 76UL));
                // The old task is available again, the new one busy.
                Assert.Equal(0x89, m.Read<byte>(Layout.Gdt + Selectors.Tss + 5UL));
                Assert.Equal(0x8B, m.Read<byte>(Layout.Gdt + Selectors.OtherTss + 5UL));
            },
        },
        new("CALL to a TSS nests", GuestMode.Kernel32, c => c.call(Selectors.OtherTss, 0))
        {
            Given = m => WriteTask(m),
            Then = m =>
            {
                Assert.Equal(NestedTask, m.State.Rflags & NestedTask);
                Assert.Equal(Selectors.Tss, m.Read<ushort>(Layout.OtherTss));
                Assert.Equal(0x8B, m.Read<byte>(Layout.Gdt + Selectors.Tss + 5UL));
            },
        },
        new("a task gate leads to its task", GuestMode.Kernel32, c => c.jmp(Selectors.TaskGate, 0))
        {
            Given = m => WriteTask(m), Then = m => Assert.Equal(Selectors.OtherTss, m.State.Tr.Selector),
        },
        new("IRET with NT returns to the previous task", GuestMode.Kernel32, c => c.iretd())
        {
            Given = m =>
            {
                WriteTask(m);
                m.Write(Layout.Tss, Selectors.OtherTss);
                SetBusy(m);
                m.State.Rflags |= NestedTask;
            },
            Then = m =>
            {
                Assert.Equal(Selectors.OtherTss, m.State.Tr.Selector);
                Assert.Equal(0x89, m.Read<byte>(Layout.Gdt + Selectors.Tss + 5UL));
                // NT is cleared in the image of the task that returns.
                Assert.Equal(2U, m.Read<uint>(Layout.Tss + 36UL));
            },
        },
        new("IRET with NT to a task that is not busy raises #TS", GuestMode.Kernel32, c => c.iretd())
        {
            Given = m =>
            {
                WriteTask(m);
                m.Write(Layout.Tss, Selectors.OtherTss);
                m.State.Rflags |= NestedTask;
            },
            Fault = Vector.InvalidTss, Error = Selectors.OtherTss,
        },
        new("a busy task cannot be entered", GuestMode.Kernel32, c => c.jmp(Selectors.OtherTss, 0))
        {
            Given = m =>
            {
                WriteTask(m);
                SetBusy(m);
            },
            Fault = Vector.GeneralProtection, Error = Selectors.OtherTss,
        },
        new("an absent task raises #NP", GuestMode.Kernel32, c => c.jmp(Selectors.OtherTss, 0))
        {
            Given = m => m.SetDescriptor(Selectors.OtherTss, Descriptors.Segment(Layout.OtherTss, 0x67, 0x09, 0)),
            Fault = Vector.SegmentNotPresent, Error = Selectors.OtherTss,
        },
        new("a TSS that is too short raises #TS", GuestMode.Kernel32, c => c.jmp(Selectors.OtherTss, 0))
        {
            Given = m => m.SetDescriptor(Selectors.OtherTss, Descriptors.Segment(Layout.OtherTss, 0x66, 0x89, 0)),
            Fault = Vector.InvalidTss, Error = Selectors.OtherTss,
        },
        new("user code cannot enter a kernel task", GuestMode.User32, c => c.jmp(Selectors.OtherTss, 0))
        {
            Fault = Vector.GeneralProtection, Error = Selectors.OtherTss,
        },
        new("an absent task gate raises #NP", GuestMode.Kernel32, c => c.jmp(Selectors.TaskGate, 0))
        {
            Given = m => m.SetDescriptor(Selectors.TaskGate, Descriptors.Gate(Selectors.OtherTss, 0, 5, present: false)),
            Fault = Vector.SegmentNotPresent, Error = Selectors.TaskGate,
        },
        new("an event through a task gate nests and keeps the old registers", GuestMode.User32, c => c.@int(0x80))
        {
            Lands = Layout.Target,
            Given = m =>
            {
                WriteTask(m);
                m.SetGate(0x80, Selectors.OtherTss, 0, 5, level: 3);
            },
            Then = m =>
            {
                Assert.Equal(Selectors.Tss, m.Read<ushort>(Layout.OtherTss));
                Assert.Equal((uint)m.End, m.Read<uint>(Layout.Tss + 32UL));
                Assert.Equal(Layout.Stack1, m.Rsp);
            },
        },
        new("an exception through a task gate pushes its error code in the new task", GuestMode.Kernel32, c => c.mov(ds, eax))
        {
            Rax = Selectors.AbsentData, Lands = Layout.Target,
            Given = m =>
            {
                WriteTask(m);
                m.SetGate(11, Selectors.OtherTss, 0, 5);
            },
            Then = m =>
            {
                Assert.Equal(Layout.Stack1 - 4UL, m.Rsp);
                Assert.Equal([Selectors.AbsentData], m.Frame(1, 4));
                Assert.Equal(0x1_0002U, m.Read<uint>(Layout.Tss + 36UL));
                Assert.Equal((uint)m.Last, m.Read<uint>(Layout.Tss + 32UL));
            },
        },
        new("a bad code segment faults in the new task", GuestMode.Kernel32, c => c.jmp(Selectors.OtherTss, 0))
        {
            Given = m =>
            {
                WriteTask(m, code: Selectors.Data);
                m.SetGate(10, Selectors.Tss, 0, 5);
            },
            Then = AssertNewTaskFaulted,
        },
        new("an absent data segment faults in the new task", GuestMode.Kernel32, c => c.jmp(Selectors.OtherTss, 0))
        {
            Given = m => WriteTask(m, data: Selectors.AbsentData), Fault = Vector.SegmentNotPresent, Error = Selectors.AbsentData, At = m => Layout.Target,
            Then = m => Assert.Equal(Selectors.OtherTss, m.State.Tr.Selector),
        },
        new("INT n through a task gate to a bad task faults in the new task", GuestMode.User32, c => c.@int(0x80))
        {
            Given = m =>
            {
                WriteTask(m, data: Selectors.AbsentData);
                m.SetGate(0x80, Selectors.OtherTss, 0, 5, level: 3);
            },
            Fault = Vector.SegmentNotPresent, Error = Selectors.AbsentData, At = m => Layout.Target,
        },
        new("the T bit traps after the switch", GuestMode.Kernel32, c => c.jmp(Selectors.OtherTss, 0))
        {
            Given = m =>
            {
                WriteTask(m);
                m.Write(Layout.OtherTss + 100UL, (ushort)1);
            },
            Fault = Vector.Debug, At = m => Layout.Target,
            Then = m =>
            {
                Assert.Equal(0x8000UL, m.State.Dr6 & 0x8000);
            },
        },
        new("a switch disarms local breakpoints", GuestMode.Kernel32, c => c.jmp(Selectors.OtherTss, 0))
        {
            Given = m =>
            {
                WriteTask(m);
                m.State.Dr7 = 0x703;
                m.State.Dr0 = 0x5000;
            },
            Then = m => Assert.Equal(0x602UL, m.State.Dr7),
        },
        new("a 16-bit task keeps 16-bit registers", GuestMode.Kernel32, c => c.jmp(Selectors.Tss16, 0))
        {
            Given = m =>
            {
                m.Write(Layout.Tss16 + 14UL, (ushort)0x20);
                m.Write(Layout.Tss16 + 16UL, (ushort)2);
                m.Write(Layout.Tss16 + 18UL, (ushort)0xA0);
                m.Write(Layout.Tss16 + 36UL, Selectors.Code16);
                m.Write(Layout.Tss16 + 38UL, Selectors.Data16);
            },
            Then = m =>
            {
                Assert.Equal(0x20UL, m.State.Rip);
                Assert.Equal(0xA0UL, m.Rax);
                Assert.Equal(Layout.Target, m.State.Cs.Base);
                Assert.True(m.State.Fs.Attributes.IsUnusable);
            },
        },
        new("a task can start in virtual-8086 mode", GuestMode.Kernel32, c => c.jmp(Selectors.OtherTss, 0))
        {
            Given = m =>
            {
                WriteTask(m, code: 0x4000);
                m.Write(Layout.OtherTss + 32UL, 0x10U);
                m.Write(Layout.OtherTss + 36UL, 0x2_0002U);
            },
            Then = m =>
            {
                Assert.Equal(0x4_0000UL, m.State.Cs.Base);
                Assert.Equal(3, m.State.PrivilegeLevel);
            },
        },
        new("a switch loads the local descriptor table", GuestMode.Kernel32, c => c.jmp(Selectors.OtherTss, 0))
        {
            Given = m =>
            {
                WriteTask(m, data: Selectors.LocalData);
                m.Write(Layout.OtherTss + 96UL, Selectors.Ldt);
            },
            Then = m => Assert.Equal(Selectors.LocalData, m.State.Ds.Selector),
        },
        new("a local descriptor table that is none raises #TS in the new task", GuestMode.Kernel32, c => c.jmp(Selectors.OtherTss, 0))
        {
            Given = m =>
            {
                WriteTask(m);
                m.Write(Layout.OtherTss + 96UL, Selectors.Data);
                m.SetGate(10, Selectors.Tss, 0, 5);
            },
            Then = AssertNewTaskFaulted,
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);

    private static void WriteTask(Guest guest, ushort code = Selectors.Code32, ushort data = Selectors.Data)
    {
        const ulong task = Layout.OtherTss;
        guest.Write(task + 32, Layout.Target);
        guest.Write(task + 36, 2U);
        guest.Write(task + 40, 0xA0U);
        guest.Write(task + 56, Layout.Stack1);
        guest.Write(task + 72, data);
        guest.Write(task + 76, code);
        guest.Write(task + 80, Selectors.Data);
        guest.Write(task + 84, data);
    }

    // The task gate of #TS leads back to the task that has jumped away: it goes on, with the error code on its stack.
    private static void AssertNewTaskFaulted(Guest guest)
    {
        Assert.Equal(guest.End, guest.State.Rip);
        Assert.Equal(Layout.Target, guest.Read<uint>(Layout.OtherTss + 32UL));
        Assert.Equal([Selectors.Data], guest.Frame(1, 4));
    }

    private static void SetBusy(Guest guest)
    {
        const ulong type = Layout.Gdt + Selectors.OtherTss + 5;
        guest.Write(type, (byte)(guest.Read<byte>(type) | Busy));
    }
}
