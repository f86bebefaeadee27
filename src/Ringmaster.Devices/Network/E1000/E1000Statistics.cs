using static Ringmaster.Devices.Network.E1000.E1000Register;

namespace Ringmaster.Devices.Network.E1000;

/// <summary>Counts frames (Software Developer's Manual section 13.7). Lengths include the frame check sequence, as on the wire.</summary>
/// <param name="registers">Where the counters are.</param>
internal sealed class E1000Statistics(E1000Registers registers)
{
    private const int CheckSequence = 4;

    private static readonly int[] s_sizes = [64, 127, 255, 511, 1023];

    public void Received(ReadOnlySpan<byte> frame)
    {
        CountFrame(frame, FramesReceivedBySize, GoodReceived, BroadcastReceived, MulticastReceived);
        Add(GoodBytesReceived, frame.Length + CheckSequence);
    }

    /// <summary>A frame was on the wire, whether it was let through or not.</summary>
    public void Seen(int length)
    {
        Count(TotalReceived);
        Add(BytesReceived, length + CheckSequence);
    }

    public void Transmitted(ReadOnlySpan<byte> frame)
    {
        CountFrame(frame, FramesTransmittedBySize, GoodTransmitted, BroadcastTransmitted, MulticastTransmitted);
        Count(TotalTransmitted);
        Add(GoodBytesTransmitted, frame.Length + CheckSequence);
        Add(BytesTransmitted, frame.Length + CheckSequence);
    }

    /// <summary>Counts one more; a counter stays at its end.</summary>
    public void Count(int counter)
    {
        if (registers[counter] != uint.MaxValue)
            registers[counter]++;
    }

    /// <summary>Reads a counter, which clears it; one of 64 bits when its upper half is read.</summary>
    public uint Take(int counter)
    {
        var value = registers[counter];
        switch (counter)
        {
            case GoodBytesReceived or GoodBytesTransmitted or BytesReceived or BytesTransmitted:
                break;
            case GoodBytesReceived + 4 or GoodBytesTransmitted + 4 or BytesReceived + 4 or BytesTransmitted + 4:
                registers[counter - 4] = 0;
                registers[counter] = 0;
                break;
            default:
                registers[counter] = 0;
                break;
        }
        return value;
    }

    private void CountFrame(ReadOnlySpan<byte> frame, int bySize, int good, int broadcast, int multicast)
    {
        var size = 0;
        while (size < s_sizes.Length && frame.Length + CheckSequence > s_sizes[size])
            size++;
        Count(bySize + 4 * size);
        Count(good);
        if (MacAddress.Read(frame) is { IsGroup: true } to)
            Count(to.Value == E1000Filter.Broadcast ? broadcast : multicast);
    }

    private void Add(int counter, int bytes)
    {
        var sum = ((ulong)registers[counter + 4] << 32 | registers[counter]) + (ulong)bytes;
        (registers[counter], registers[counter + 4]) = ((uint)sum, (uint)(sum >> 32));
    }
}
