namespace Ringmaster.Devices.Tests.Network;

/// <summary>RFC 1071 as it is written: one pair of bytes after the other, with the carry added each time.</summary>
internal static class SlowChecksum
{
    internal static ushort Of(IEnumerable<byte> bytes)
    {
        var sum = 0;
        var high = true;
        foreach (var value in bytes)
        {
            sum += high ? value << 8 : value;
            sum = (sum & 0xFFFF) + (sum >> 16);
            high = !high;
        }
        return (ushort)~sum;
    }
}
