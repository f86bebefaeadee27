using FsCheck;
using FsCheck.Fluent;

namespace Ringmaster.Devices.Tests.Virtio.Rings;

/// <summary>A kind of ring, and what was agreed on about it.</summary>
public sealed record RingSetting(bool IsPacked, bool IsLegacy, bool HasEventIndex, bool HasIndirect, int Size)
{
    public static Gen<RingSetting> All =>
        from kind in Gen.Choose(0, 2)
        from hasEventIndex in Gen.Elements(false, true)
        from hasIndirect in Gen.Elements(false, true)
        from size in kind == 1 ? Gen.Choose(1, 16) : kind == 2 ? Gen.Constant(16) : Gen.Elements(1, 2, 4, 8, 16)
        select new RingSetting(kind == 1, kind == 2, hasEventIndex, hasIndirect, size);

    public ulong Features => (IsPacked ? VirtioBoard.Packed : 0) | (HasEventIndex ? VirtioBoard.Event : 0) | (HasIndirect ? VirtioBoard.Indirect : 0)
        | (IsLegacy ? 0 : VirtioBoard.RingReset);
}
