using Ringmaster.Cpu.Interpreter.Flags;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Loading data and stack segments (SDM 3A 5.6, 5.7; SDM 2B MOV).</summary>
internal unsafe partial class Vcpu
{
    /// <summary>Rights of every segment in virtual-8086 mode: present, DPL 3, writable, accessed data.</summary>
    private static readonly SegmentAttributes s_virtual8086 = new(0xF3);

    /// <summary>RFLAGS.VM in protected mode.</summary>
    internal bool IsVirtual8086 => _isProtectedMode && (OtherFlags & Rflags.Virtual8086) != 0;

    /// <summary>RFLAGS.IOPL.</summary>
    internal int Iopl => (int)(OtherFlags >> 12) & 3;

    /// <summary>Loads ES, SS, DS, FS or GS as MOV and POP do.</summary>
    /// <param name="index">The register; not CS.</param>
    /// <param name="selector">The new selector.</param>
    /// <returns>False with a fault or a question pending, and nothing changed.</returns>
    internal bool LoadSegment(int index, ushort selector)
    {
        if (!IsProtectedNotVirtual)
        {
            SetSegment(index, RealSegment(Segments[index], selector));
            return true;
        }
        if (!CheckSegment(index, selector, out var segment))
            return false;
        SetSegment(index, segment);
        return true;
    }

    /// <summary>
    /// A segment register after a load in real or virtual-8086 mode. Real mode leaves the limit and the size bit alone, which
    /// is what "unreal mode" lives on; virtual-8086 mode sets everything.
    /// </summary>
    private Segment RealSegment(in Segment old, ushort selector)
    {
        var start = (ulong)selector << 4;
        if (IsVirtual8086)
            return new Segment(selector, start, 0xFFFF, s_virtual8086);
        if (old.Attributes.IsUnusable)
            return new Segment(selector, start, 0xFFFF, SegmentAttributes.RealModeData);
        var type = old.Attributes.IsCode ? SegmentAttributes.RealModeCode : SegmentAttributes.RealModeData;
        return new Segment(selector, start, old.Limit, new SegmentAttributes((old.Attributes.Value & ~0xFFu) | type.Value));
    }

    /// <summary>Checks a selector for a data or stack segment register in protected mode, and makes the register's content.</summary>
    private bool CheckSegment(int index, ushort selector, out Segment segment)
    {
        var isStack = index == SegmentIndex.Ss;
        var requested = selector & 3;
        if (IsNull(selector))
        {
            // 64-bit code below level 3 may run on a null stack segment (SDM 3A 5.4.1.1).
            segment = isStack ? NullStack(selector, Cpl) : NullData(index, selector);
            return !isStack || (_is64BitMode && Cpl != 3 && requested == Cpl) || Fail(Vector.GeneralProtection, 0);
        }
        segment = default;
        if (!ReadDescriptor(selector, Vector.GeneralProtection, out var descriptor))
            return false;
        var rights = descriptor.Attributes;
        if (isStack)
        {
            if (requested != Cpl || !rights.IsWritable || rights.PrivilegeLevel != Cpl)
                return FailSelector(Vector.GeneralProtection, selector);
        }
        else if (!rights.IsReadable || (!rights.IsConforming && (requested > rights.PrivilegeLevel || Cpl > rights.PrivilegeLevel)))
        {
            return FailSelector(Vector.GeneralProtection, selector);
        }
        if (!rights.IsPresent)
            return FailSelector(isStack ? Vector.StackFault : Vector.SegmentNotPresent, selector);
        if (!MarkAccessed(selector, ref descriptor))
            return false;
        segment = descriptor.ToSegment(selector);
        return true;
    }

    // APM 3 E.4.17: processors without NullSelectorClearsBase keep base and limit when a null selector is loaded.
    private Segment NullData(int index, ushort selector) => Features.NullSelectorClearsBase
        ? NullSegment(selector)
        : Segments[index] with { Selector = selector, Attributes = SegmentAttributes.Unusable };
}
