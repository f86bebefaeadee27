using System.Buffers.Binary;
using Ringmaster.Devices.Dma;
using Ringmaster.Memory;
using static Ringmaster.Devices.Network.E1000.E1000Register;

namespace Ringmaster.Devices.Network.E1000;

/// <summary>Puts frames into the receive ring (Software Developer's Manual section 3.2).</summary>
/// <param name="registers">Ring and modes.</param>
/// <param name="filter">What is let through.</param>
/// <param name="statistics">Counts.</param>
/// <param name="dma">Memory as the card sees it.</param>
/// <param name="interrupts">Tells of shortages.</param>
/// <param name="delay">Tells of frames.</param>
internal sealed class E1000Receiver(
    E1000Registers registers, E1000Filter filter, E1000Statistics statistics, DmaSpace dma, E1000Interrupts interrupts, E1000Delay delay)
{
    private const uint IsEnabled = 1 << 1, LongFrames = 1 << 5, ExtendedSize = 1 << 25, StripsCheckSequence = 1 << 26;
    private const uint StripsTags = 1 << 30;
    private const uint ChecksIp = 1 << 8, ChecksTransport = 1 << 9;
    private const int DescriptorSize = 16, ShortestFrame = 60, LongestNormal = 1518, LongestLong = 16384 - CheckSequence, CheckSequence = 4;
    private const int TypeOffset = 12, TagSize = 4;
    private const byte Done = 0x01, EndOfPacket = 0x02, IgnoreChecks = 0x04, HasTag = 0x08, TransportChecked = 0x20, IpChecked = 0x40, PassedInexactly = 0x80;
    private const byte TransportWrong = 0x20, IpWrong = 0x40;

    private readonly byte[] _frame = new byte[LongestLong + CheckSequence];

    /// <summary>Whether a frame was refused, so that whoever has it waits for descriptors.</summary>
    public bool IsStarved { get; set; }

    public bool IsOn => (registers[ReceiveControl] & IsEnabled) != 0;

    private int Count => (int)(registers[ReceiveLength] / DescriptorSize);

    private int Free
    {
        get
        {
            var (count, head, tail) = (Count, (int)registers[ReceiveHead], (int)registers[ReceiveTail]);
            if (count == 0)
                return 0;
            // A tail that the ring never comes to holds nothing back.
            return tail >= count ? count : (tail - head % count + count) % count;
        }
    }

    private int BufferSize
    {
        get
        {
            var (modes, code) = (registers[ReceiveControl], (int)(registers[ReceiveControl] >> 16 & 3));
            return (modes & ExtendedSize) != 0 && code != 0 ? 32768 >> code : 2048 >> code;
        }
    }

    /// <summary>Takes a frame of the wire.</summary>
    /// <param name="wire">From the destination address on, without check sequence.</param>
    /// <returns>False if there are not enough descriptors.</returns>
    public bool Receive(ReadOnlySpan<byte> wire)
    {
        var longest = (registers[ReceiveControl] & LongFrames) != 0 ? LongestLong : LongestNormal;
        if (wire.Length > longest)
        {
            statistics.Seen(wire.Length);
            statistics.Count(Oversize);
            return true;
        }
        // No frame on a wire is shorter (IEEE 802.3 section 4.2.3.3).
        var length = Math.Max(wire.Length, ShortestFrame);
        var frame = _frame.AsSpan(0, length);
        wire.CopyTo(frame);
        frame[wire.Length..].Clear();
        if (!filter.Passes(frame))
        {
            statistics.Seen(length);
            return true;
        }
        var isTagStripped = (registers[Control] & StripsTags) != 0 && filter.IsTagged(frame);
        var keepsSequence = (registers[ReceiveControl] & StripsCheckSequence) == 0;
        var stored = length - (isTagStripped ? TagSize : 0) + (keepsSequence ? CheckSequence : 0);
        var needed = (stored + BufferSize - 1) / BufferSize;
        if (needed >= Count)
        {
            // A ring is never full of free descriptors, so this frame would wait for ever.
            statistics.Seen(length);
            statistics.Count(MissedPackets);
            return true;
        }
        if (needed > Free)
        {
            IsStarved = true;
            statistics.Count(NoBuffers);
            interrupts.Raise(E1000Cause.ReceiveOverrun);
            return false;
        }
        statistics.Seen(length);
        statistics.Received(frame);
        var result = Check(frame);
        if (keepsSequence)
            BinaryPrimitives.WriteUInt32LittleEndian(_frame.AsSpan(length), FrameCheckSequence.Of(frame));
        var content = _frame.AsSpan(0, length + (keepsSequence ? CheckSequence : 0));
        ushort tag = 0;
        if (isTagStripped)
        {
            tag = BinaryPrimitives.ReadUInt16BigEndian(frame[(TypeOffset + 2)..]);
            content[..TypeOffset].CopyTo(content[TagSize..]);
            content = content[TagSize..];
            result.Status |= HasTag;
        }
        Store(content, result, tag);
        Tell(length);
        return true;
    }

    /// <summary>The tail has moved, or the ring has been replaced.</summary>
    /// <returns>Whether a frame waits for that.</returns>
    public bool HasRoomAgain()
    {
        if (!IsStarved || (Free == 0 && IsOn))
            return false;
        IsStarved = false;
        return true;
    }

    private void Store(ReadOnlySpan<byte> content, (byte Status, byte Errors, ushort Sum) result, ushort tag)
    {
        var ring = new GuestPhysicalAddress((ulong)registers[ReceiveBaseHigh] << 32 | registers[ReceiveBaseLow]);
        var (size, count) = (BufferSize, Count);
        while (!content.IsEmpty)
        {
            var head = (int)registers[ReceiveHead] % count;
            var part = content[..Math.Min(content.Length, size)];
            content = content[part.Length..];
            var at = ring + (ulong)(head * DescriptorSize);
            // What is no RAM swallows what is written there, as on a bus.
            if (dma.TryRead(at, out ulong buffer))
                dma.TryWrite(new GuestPhysicalAddress(buffer), part);
            var (status, errors) = content.IsEmpty ? ((byte)(result.Status | EndOfPacket), result.Errors) : ((byte)0, (byte)0);
            // In one piece, so that what is done is seen to be complete.
            dma.TryWrite(at + 8, (uint)part.Length | (ulong)result.Sum << 16 | (ulong)(byte)(status | Done) << 32 | (ulong)errors << 40
                | (ulong)(content.IsEmpty ? tag : (ushort)0) << 48);
            registers[ReceiveHead] = (uint)((head + 1) % count);
        }
    }

    private void Tell(int length)
    {
        var free = Free;
        // A half, a quarter or an eighth of the ring (section 13.4.22, RDMTS).
        if (free <= Count >> (int)((registers[ReceiveControl] >> 8 & 3) + 1))
            interrupts.Raise(E1000Cause.ReceiveLow);
        if (length + CheckSequence <= registers[SmallPacket])
            interrupts.Raise(E1000Cause.SmallPacket);
        delay.Begin();
    }

    /// <summary>Sums of IPv4, TCP and UDP (section 3.2.9), and the one that software finishes itself.</summary>
    private (byte Status, byte Errors, ushort Sum) Check(ReadOnlySpan<byte> frame)
    {
        var control = registers[ReceiveChecksum];
        var start = (int)(control & 0xFF);
        var sum = start < frame.Length ? (ushort)~InternetChecksum.Of(frame[start..]) : (ushort)0;
        var status = filter.IsExact(frame) ? (byte)0 : PassedInexactly;
        if (!FrameLayout.TryFind(frame, out var layout) || layout.IsVersion6 || (control & (ChecksIp | ChecksTransport)) == 0)
            return ((byte)(status | IgnoreChecks), 0, sum);
        byte errors = 0;
        if ((control & ChecksIp) != 0)
        {
            status |= IpChecked;
            if (InternetChecksum.Of(frame[layout.Network..layout.Transport]) != 0)
                errors |= IpWrong;
        }
        var end = layout.Network + BinaryPrimitives.ReadUInt16BigEndian(frame[(layout.Network + 2)..]);
        if ((control & ChecksTransport) == 0 || end > frame.Length || end <= layout.Transport || !HasChecksum(frame[layout.Transport..end], layout.Protocol))
            return (status, errors, sum);
        status |= TransportChecked;
        var total = InternetChecksum.Add(0, frame.Slice(layout.Network + 12, 8));
        total = InternetChecksum.Add(total, layout.Protocol);
        total = InternetChecksum.Add(total, (ushort)(end - layout.Transport));
        if (InternetChecksum.Fold(InternetChecksum.Add(total, frame[layout.Transport..end])) != 0)
            errors |= TransportWrong;
        return (status, errors, sum);
    }

    private static bool HasChecksum(ReadOnlySpan<byte> transport, byte protocol) => protocol switch
    {
        FrameLayout.Tcp => transport.Length >= 20,
        // A datagram may do without (RFC 768).
        FrameLayout.Udp => transport.Length >= 8 && (transport[6] | transport[7]) != 0,
        _ => false,
    };
}
