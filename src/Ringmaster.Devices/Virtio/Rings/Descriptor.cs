using System.Runtime.InteropServices;

namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>A descriptor of a split ring or of an indirect table of one (virtio 1.2 section 2.7.5).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly struct Descriptor
{
    public const ushort NextFlag = 1, WriteFlag = 2, IndirectFlag = 4;

    public readonly ulong Address;
    public readonly uint Length;
    public readonly ushort Flags;
    public readonly ushort Next;

    /// <summary>Bytes of one.</summary>
    public const int Size = 16;
}
