namespace Ringmaster.Devices.Network.E1000;

/// <summary>What a context descriptor says about the packets after it (Software Developer's Manual section 3.3.6).</summary>
/// <param name="IpStart">Where the IP checksum's bytes begin.</param>
/// <param name="IpPlace">Where it is stored.</param>
/// <param name="IpEnd">The last of its bytes; 0 for the packet's end.</param>
/// <param name="TransportStart">The same for the checksum of TCP or UDP.</param>
/// <param name="TransportPlace">Where it is stored.</param>
/// <param name="TransportEnd">The last of its bytes; 0 for the packet's end.</param>
/// <param name="HeaderLength">Bytes of a packet to be cut that stand in front of each piece.</param>
/// <param name="SegmentSize">Bytes of payload in each piece.</param>
/// <param name="IsTcp">TCP, not UDP.</param>
/// <param name="IsVersion4">IPv4, not IPv6.</param>
public readonly record struct E1000Context(
    byte IpStart, byte IpPlace, ushort IpEnd, byte TransportStart, byte TransportPlace, ushort TransportEnd, byte HeaderLength, ushort SegmentSize,
    bool IsTcp, bool IsVersion4)
{
    /// <summary>Takes a descriptor apart.</summary>
    internal static E1000Context Parse(ulong low, ulong high) => new(
        (byte)low, (byte)(low >> 8), (ushort)(low >> 16), (byte)(low >> 32), (byte)(low >> 40), (ushort)(low >> 48), (byte)(high >> 40), (ushort)(high >> 48),
        (high >> 24 & 1) != 0, (high >> 25 & 1) != 0);
}
