using System.Runtime.InteropServices;

namespace Ringmaster.Devices.Virtio.Block;

/// <summary>A range to discard or to fill with zeros (virtio 1.2 section 5.2.6).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly struct VirtioBlockRange
{
    /// <summary>Bytes of one.</summary>
    public const int Size = 16;

    public readonly ulong Sector;
    public readonly uint Sectors;
    public readonly uint Flags;
}
