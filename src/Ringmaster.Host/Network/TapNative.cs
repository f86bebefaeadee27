using System.Runtime.InteropServices;

namespace Ringmaster.Host.Network;

/// <summary>Linux calls on network interfaces: Documentation/networking/tuntap.rst, netdevice(7).</summary>
internal static unsafe partial class TapNative
{
    internal const int LongestName = 15;
    internal const ushort Tap = 0x0002, NoPacketInformation = 0x1000, OffloadHeader = 0x4000, Up = 0x0001;
    internal const nuint SetInterface = 0x4004_54CA, SetOffload = 0x4004_54D0, SetHeaderSize = 0x4004_54D8, SetLittleEndian = 0x4004_54DC;
    internal const nuint GetFlags = 0x8913, SetFlags = 0x8914, SetMtu = 0x8922, GetIndex = 0x8933, AddToBridge = 0x89A2;
    internal const nuint OffloadChecksum = 0x01, OffloadTcp4 = 0x02, OffloadTcp6 = 0x04, OffloadEcn = 0x08, OffloadUdp4 = 0x20, OffloadUdp6 = 0x40;
    internal const int Internet = 2, Datagram = 2, CloseOnExec = 0x8_0000;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Control(int fd, nuint request, InterfaceRequest* argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Control(int fd, nuint request, int* argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Control(int fd, nuint request, nuint argument);

    [LibraryImport("libc", EntryPoint = "writev", SetLastError = true)]
    internal static partial nint Write(int fd, SocketNative.Piece* pieces, int count);

    /// <summary>struct ifreq.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 40)]
    internal struct InterfaceRequest
    {
        [FieldOffset(0)]
        internal fixed byte Name[LongestName + 1];

        [FieldOffset(16)]
        internal ushort Flags;

        [FieldOffset(16)]
        internal int Number;
    }
}
