using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Taking on the state of a new task, after the commit point of the switch (SDM 3A 7.3, table 7-1).</summary>
internal unsafe partial class Vcpu
{
    /// <summary>Loads everything that cannot fault. Segments get their selectors now and their hidden parts later.</summary>
    private void LoadTaskRegisters(in TaskImage image, bool nests)
    {
        for (var i = 0; i < 8; i++)
            R[i] = image.Registers[i];
        Rip = image.Eip;
        var flags = (image.Eflags & 0x3F_7FD5) | (nests ? Rflags.NestedTask : 0);
        SetStatus(flags);
        SetOtherFlags(flags);
        for (var i = 0; i < 6; i++)
            Segments[i] = NullSegment(image.Segments[i]);
        var level = IsVirtual8086 ? 3 : image.Segments[SegmentIndex.Cs] & 3;
        Segments[SegmentIndex.Ss] = NullStack(image.Segments[SegmentIndex.Ss], level);
        Segments[SegmentIndex.Ldtr] = NullSegment(image.Ldt);
        UpdateMode();
    }

    /// <summary>Loads the new task's page tables and local descriptor table.</summary>
    private bool LoadTaskSpace(in TaskImage image, TaskLayout layout)
    {
        if (layout == TaskLayout.Wide && (Cr0 & Cr0Bits.Paging) != 0)
        {
            if (UsesPdptes && !LoadPdptes(image.Cr3))
                return FailSelector(Vector.InvalidTss, Segments[SegmentIndex.Tr].Selector);
            Cr3 = image.Cr3;
            FlushTlb(TlbFlush.All);
        }
        if (IsNull(image.Ldt))
            return true;
        if ((image.Ldt & 4) != 0)
            return FailSelector(Vector.InvalidTss, image.Ldt);
        if (!ReadDescriptor(image.Ldt, Vector.InvalidTss, out var table))
            return false;
        if (!table.IsSystem || table.Type != DescriptorType.Ldt || !table.IsPresent)
            return FailSelector(Vector.InvalidTss, image.Ldt);
        Segments[SegmentIndex.Ldtr] = table.ToSegment(image.Ldt);
        return true;
    }

    private bool LoadTaskSegments(in TaskImage image, TaskLayout layout)
    {
        if (IsVirtual8086)
        {
            for (var i = 0; i < 6; i++)
                Segments[i] = RealSegment(default, image.Segments[i]);
            UpdateMode();
            return true;
        }
        var codeSelector = image.Segments[SegmentIndex.Cs];
        var level = codeSelector & 3;
        if (!ReadTaskCode(codeSelector, level, out var code)
            || !CheckInnerStack(image.Segments[SegmentIndex.Ss], level, out var stack))
            return false;
        if (!code.IsPresent)
            return FailSelector(Vector.SegmentNotPresent, codeSelector);
        if (!MarkAccessed(codeSelector, ref code))
            return false;
        Segments[SegmentIndex.Cs] = code.ToSegment(codeSelector);
        Segments[SegmentIndex.Ss] = stack;
        UpdateMode();
        for (var i = 0; i < layout.SegmentCount; i++)
        {
            if (i is not (SegmentIndex.Cs or SegmentIndex.Ss) && !LoadTaskData(i, image.Segments[i]))
                return false;
        }
        return Rip <= code.Limit || Fail(Vector.GeneralProtection, 0);
    }

    private bool ReadTaskCode(ushort selector, int level, out Descriptor code)
    {
        code = default;
        if (IsNull(selector))
            return FailSelector(Vector.InvalidTss, selector);
        if (!ReadDescriptor(selector, Vector.InvalidTss, out code))
            return false;
        var rights = code.Attributes;
        return (rights.IsCode && (rights.IsConforming ? rights.PrivilegeLevel <= level : rights.PrivilegeLevel == level))
            || FailSelector(Vector.InvalidTss, selector);
    }

    private bool LoadTaskData(int index, ushort selector)
    {
        if (IsNull(selector))
            return true;
        if (!ReadDescriptor(selector, Vector.InvalidTss, out var descriptor))
            return false;
        var rights = descriptor.Attributes;
        if (!rights.IsReadable || (!rights.IsConforming && (rights.PrivilegeLevel < Cpl || rights.PrivilegeLevel < (selector & 3))))
            return FailSelector(Vector.InvalidTss, selector);
        if (!rights.IsPresent)
            return FailSelector(Vector.SegmentNotPresent, selector);
        if (!MarkAccessed(selector, ref descriptor))
            return false;
        SetSegment(index, descriptor.ToSegment(selector));
        return true;
    }

    private bool PushTaskError(TaskLayout layout, uint? errorCode)
    {
        if (errorCode is not { } error)
            return true;
        var stack = CurrentStack;
        if (!PushAll(ref stack, layout.Word, [error]))
            return false;
        SetStackPointer(stack.Pointer);
        return true;
    }

    /// <summary>
    /// After the commit point nothing can be done again from its start, so a device cannot be asked: descriptors that do not
    /// lie in RAM make the new task invalid.
    /// </summary>
    private void AbandonQuestion()
    {
        if (!HasPendingExit)
            return;
        HasPendingExit = false;
        FailSelector(Vector.InvalidTss, Segments[SegmentIndex.Tr].Selector);
    }
}
