using System.Runtime.InteropServices;

namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>A descriptor of a packed ring or of an indirect table of one (virtio 1.2 section 2.8.5).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly struct PackedDescriptor
{
    public const ushort NextFlag = 1, WriteFlag = 2, IndirectFlag = 4, AvailableFlag = 1 << 7, UsedFlag = 1 << 15;

    public readonly ulong Address;
    public readonly uint Length;
    public readonly ushort Id;
    public readonly ushort Flags;

    /// <summary>Bytes of one.</summary>
    public const int Size = 16;
}
