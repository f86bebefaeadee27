using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>
/// Hardware task switches (SDM 3A 7.3). Up to the commit point everything faults in the old task with nothing changed; after
/// it, what is wrong with the new task's segments faults in the new task.
/// </summary>
internal unsafe partial class Vcpu
{
    private const uint BusyBit = 1 << 9;
    private const ulong LocalBreakpoints = 0x155;

    /// <summary>A task switch has passed its commit point, and then found a fault that belongs to the new task.</summary>
    private bool _newTaskFaults;

    private bool IsTaskOrTaskGate(in Descriptor descriptor) => !IsLongMode && descriptor.Type is DescriptorType.TaskGate
        or DescriptorType.Tss16 or DescriptorType.BusyTss16 or DescriptorType.Tss or DescriptorType.BusyTss;

    /// <summary>JMP or CALL to a TSS or task gate.</summary>
    private bool TransferToTask(ushort selector, in Descriptor descriptor, TaskSwitchKind kind, ulong next)
    {
        if (descriptor.PrivilegeLevel < Cpl || descriptor.PrivilegeLevel < (selector & 3))
            return FailSelector(Vector.GeneralProtection, selector);
        if (descriptor.Type == DescriptorType.TaskGate)
        {
            if (!descriptor.IsPresent)
                return FailSelector(Vector.SegmentNotPresent, selector);
            selector = descriptor.GateSelector;
        }
        return FindTask(selector, busy: false, Vector.GeneralProtection, out var task)
            && SwitchTask(selector, task, kind, next, Flags, null);
    }

    /// <summary>An event that goes through a task gate.</summary>
    private bool DeliverToTask(ushort selector, in Delivery delivery) =>
        FindTask(selector, busy: false, Vector.GeneralProtection, out var task)
        && SwitchTask(selector, task, TaskSwitchKind.Event, delivery.ReturnRip, delivery.Flags, delivery.ErrorCode)
        && !_newTaskFaults;

    /// <summary>IRET with NT set.</summary>
    private bool ReturnToPreviousTask(ulong next)
    {
        if (!ReadSystem(Segments[SegmentIndex.Tr].Base, out ushort selector))
            return false;
        return FindTask(selector, busy: true, Vector.InvalidTss, out var task)
            && SwitchTask(selector, task, TaskSwitchKind.Return, next, Flags & ~Rflags.NestedTask, null);
    }

    private bool FindTask(ushort selector, bool busy, Vector fault, out Descriptor task)
    {
        task = default;
        if (IsNull(selector) || (selector & 4) != 0)
            return FailSelector(fault, selector);
        if (!ReadDescriptor(selector, fault, out task))
            return false;
        // The busy bit is bit 1 of the type; a task cannot be entered twice.
        var type = busy ? task.Type & ~2 : task.Type;
        if (!task.IsSystem || type is not (DescriptorType.Tss or DescriptorType.Tss16) || (busy && (task.Type & 2) == 0))
            return FailSelector(fault, selector);
        if (!task.IsPresent)
            return FailSelector(Vector.SegmentNotPresent, selector);
        return task.Limit >= TaskLayout.Of(task.Type).LastByte || FailSelector(Vector.InvalidTss, selector);
    }

    private bool SwitchTask(ushort selector, in Descriptor task, TaskSwitchKind kind, ulong next, uint flags, uint? errorCode)
    {
        ref readonly var old = ref Segments[SegmentIndex.Tr];
        var oldLayout = TaskLayout.Of(old.Attributes.Type);
        if (old.Limit < oldLayout.LastByte)
            return FailSelector(Vector.InvalidTss, old.Selector);
        var layout = TaskLayout.Of(task.Type);
        var nests = kind is TaskSwitchKind.Call or TaskSwitchKind.Event;
        FindDescriptor(selector, 8, out var descriptorAt);
        FindDescriptor(old.Selector, 8, out var oldDescriptorAt);
        if (!ReadTask(task.Base, layout, out var image)
            || (nests && !WriteSystem(task.Base, old.Selector))
            || !WriteTask(old.Base, oldLayout, (uint)next, flags)
            || (!nests && !UpdateSystem(oldDescriptorAt + 4, BusyBit, 0, out _))
            || (kind != TaskSwitchKind.Return && !UpdateSystem(descriptorAt + 4, 0, BusyBit, out _)))
            return false;

        // The commit point.
        var rights = new SegmentAttributes(task.Attributes.Value | 2);
        Segments[SegmentIndex.Tr] = new Segment(selector, task.Base, task.Limit, rights);
        Cr0 |= Cr0Bits.TaskSwitched;
        if ((Dr7 & LocalBreakpoints) != 0)
            SetDr7(Dr7 & ~LocalBreakpoints);
        LoadTaskRegisters(image, nests);
        var loaded = LoadTaskSpace(image, layout) && LoadTaskSegments(image, layout) && PushTaskError(layout, errorCode);
        if (!loaded)
        {
            AbandonQuestion();
            _newTaskFaults = true;
            AnnounceEvent();
        }
        else if (image.Traps)
        {
            RaiseTaskTrap();
            AnnounceEvent();
        }
        _setsResume = (OtherFlags & Rflags.Resume) != 0;
        _dropsTrap = true;
        UpdateAttention();
        return true;
    }

    private bool ReadTask(ulong at, TaskLayout layout, out TaskImage image)
    {
        image = default;
        if (layout == TaskLayout.Wide)
        {
            if (!ReadSystem(at + TaskLayout.Cr3, out image.Cr3) || !ReadSystem(at + TaskLayout.Trap, out byte trap))
                return false;
            image.Traps = (trap & 1) != 0;
        }
        if (!ReadTaskWord(at + layout.Eip, layout, out image.Eip)
            || !ReadTaskWord(at + layout.Eip + (uint)layout.Word, layout, out image.Eflags))
            return false;
        for (var i = 0; i < 8; i++)
        {
            if (!ReadTaskWord(at + layout.Eip + (uint)((i + 2) * layout.Word), layout, out image.Registers[i]))
                return false;
        }
        for (var i = 0; i < layout.SegmentCount; i++)
        {
            if (!ReadSystem(at + layout.Segments + (uint)(i * layout.Word), out image.Segments[i]))
                return false;
        }
        return ReadSystem(at + layout.Ldt, out image.Ldt);
    }

    private bool ReadTaskWord(ulong at, TaskLayout layout, out uint value)
    {
        if (layout.Word == 4)
            return ReadSystem(at, out value);
        var done = ReadSystem(at, out ushort word);
        value = word;
        return done;
    }

    private bool WriteTask(ulong at, TaskLayout layout, uint next, uint flags)
    {
        // Both ends first: a page fault must not find half of the old task saved.
        if (!Translate(SystemLinear(at + layout.Eip), AccessKind.Write, MmuMode.Supervisor, out _)
            || !Translate(SystemLinear(at + layout.LastByte), AccessKind.Write, MmuMode.Supervisor, out _))
            return false;
        if (!WriteTaskWord(at + layout.Eip, layout, next) || !WriteTaskWord(at + layout.Eip + (uint)layout.Word, layout, flags))
            return false;
        for (var i = 0; i < 8; i++)
        {
            if (!WriteTaskWord(at + layout.Eip + (uint)((i + 2) * layout.Word), layout, (uint)R[i]))
                return false;
        }
        for (var i = 0; i < layout.SegmentCount; i++)
        {
            if (!WriteSystem(at + layout.Segments + (uint)(i * layout.Word), Segments[i].Selector))
                return false;
        }
        return true;
    }

    private bool WriteTaskWord(ulong at, TaskLayout layout, uint value) =>
        layout.Word == 4 ? WriteSystem(at, value) : WriteSystem(at, (ushort)value);
}
