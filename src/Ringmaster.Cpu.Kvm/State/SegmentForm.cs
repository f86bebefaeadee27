using Ringmaster.Cpu.State;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.State;

/// <summary>Segment registers between the canonical form and the kernel's.</summary>
internal static class SegmentForm
{
    /// <summary>To the kernel's form.</summary>
    public static KvmSegment ToKvm(this Segment segment)
    {
        var rights = segment.Attributes;
        return new KvmSegment
        {
            Base = segment.Base,
            Limit = segment.Limit,
            Selector = segment.Selector,
            Type = (byte)rights.Type,
            S = Bit(rights.IsCodeOrData),
            Dpl = (byte)rights.PrivilegeLevel,
            Present = Bit(rights.IsPresent && !rights.IsUnusable),
            Avl = Bit(rights.IsAvailable),
            L = Bit(rights.IsLong),
            Db = Bit(rights.IsBig),
            G = Bit(rights.HasPageGranularity),
            Unusable = Bit(rights.IsUnusable),
        };
    }

    /// <summary>From the kernel's form. Of an unusable register's rights only the level counts: in SS it is the processor's.</summary>
    public static Segment ToCanonical(this in KvmSegment segment)
    {
        var level = (uint)segment.Dpl << 5;
        var rights = segment.Unusable != 0
            ? SegmentAttributes.Unusable.Value | level
            : segment.Type | (uint)segment.S << 4 | level | (uint)segment.Present << 7 | (uint)segment.Avl << 12 | (uint)segment.L << 13
                | (uint)segment.Db << 14 | (uint)segment.G << 15;
        return new Segment(segment.Selector, segment.Base, segment.Limit, new SegmentAttributes(rights));
    }

    private static byte Bit(bool set) => set ? (byte)1 : (byte)0;
}
