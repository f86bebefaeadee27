using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>LLDT, LTR, and inspection of selectors (SDM 2A, 2B; SDM 3A 5.10).</summary>
internal unsafe partial class Vcpu
{
    /// <summary>CR4.UMIP keeps SGDT, SIDT, SLDT, SMSW and STR from user code.</summary>
    internal bool IsKeptFromUser => Cpl != 0 && (Cr4 & Cr4Bits.Umip) != 0;

    /// <summary>LLDT.</summary>
    internal bool LoadLocalTable(ushort selector)
    {
        if (IsNull(selector))
        {
            SetSegment(SegmentIndex.Ldtr, NullSegment(selector));
            return true;
        }
        if (!ReadSystemSegment(selector, out var descriptor))
            return false;
        if (!descriptor.IsSystem || descriptor.Type != DescriptorType.Ldt)
            return FailSelector(Vector.GeneralProtection, selector);
        if (!FinishSystemSegment(selector, ref descriptor))
            return false;
        SetSegment(SegmentIndex.Ldtr, descriptor.ToSegment(selector));
        return true;
    }

    /// <summary>LTR.</summary>
    internal bool LoadTaskRegister(ushort selector)
    {
        if (IsNull(selector))
            return Fail(Vector.GeneralProtection, 0);
        if (!ReadSystemSegment(selector, out var descriptor))
            return false;
        var isTask = descriptor.Type == DescriptorType.Tss || (descriptor.Type == DescriptorType.Tss16 && !IsLongMode);
        if (!descriptor.IsSystem || !isTask)
            return FailSelector(Vector.GeneralProtection, selector);
        if (!FinishSystemSegment(selector, ref descriptor))
            return false;
        FindDescriptor(selector, 8, out var linear);
        if (!UpdateSystem(linear + 4, 0, BusyBit, out var old))
            return false;
        // Another vCPU may have taken the task since the descriptor was read.
        if ((old & BusyBit) != 0)
            return FailSelector(Vector.GeneralProtection, selector);
        var busy = new SegmentAttributes(descriptor.Attributes.Value | 2);
        SetSegment(SegmentIndex.Tr, new Segment(selector, descriptor.Base, descriptor.Limit, busy));
        return true;
    }

    // System segments are named in the GDT only.
    private bool ReadSystemSegment(ushort selector, out Descriptor descriptor)
    {
        descriptor = default;
        return (selector & 4) != 0
            ? FailSelector(Vector.GeneralProtection, selector)
            : ReadDescriptor(selector, Vector.GeneralProtection, out descriptor);
    }

    private bool FinishSystemSegment(ushort selector, ref Descriptor descriptor)
    {
        if (!descriptor.IsPresent)
            return FailSelector(Vector.SegmentNotPresent, selector);
        if (!ReadUpperHalf(selector, Vector.GeneralProtection, ref descriptor))
            return false;
        return !IsLongMode || IsCanonicalBase(descriptor.Base) || FailSelector(Vector.GeneralProtection, selector);
    }

    /// <summary>Looks at a selector as LAR, LSL, VERR and VERW do: what is wrong with it is an answer, not a fault.</summary>
    /// <param name="selector">Any selector.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="descriptor">Its descriptor, when accessible.</param>
    /// <param name="accessible">Whether the present code may know.</param>
    /// <returns>False if the table itself could not be read.</returns>
    internal bool InspectSelector(ushort selector, Inspection purpose, out Descriptor descriptor, out bool accessible)
    {
        descriptor = default;
        accessible = false;
        if (IsNull(selector) || !FindDescriptor(selector, 8, out var linear))
            return true;
        if (!ReadSystem(linear, out ulong low))
            return false;
        descriptor = new Descriptor(low, 0);
        var rights = descriptor.Attributes;
        var privileged = rights.IsConforming || (Cpl <= rights.PrivilegeLevel && (selector & 3) <= rights.PrivilegeLevel);
        accessible = privileged && purpose switch
        {
            Inspection.Reading => rights.IsReadable,
            Inspection.Writing => rights.IsWritable,
            _ => rights.IsCodeOrData || IsKnownSystemType(descriptor.Type, purpose),
        };
        return true;
    }

    private bool IsKnownSystemType(int type, Inspection purpose) => type switch
    {
        DescriptorType.Ldt or DescriptorType.Tss or DescriptorType.BusyTss => true,
        DescriptorType.Tss16 or DescriptorType.BusyTss16 => !IsLongMode,
        DescriptorType.CallGate => purpose == Inspection.Rights,
        DescriptorType.CallGate16 or DescriptorType.TaskGate => purpose == Inspection.Rights && !IsLongMode,
        _ => false,
    };
}
