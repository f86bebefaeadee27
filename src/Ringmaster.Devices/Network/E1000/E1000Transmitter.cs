using System.Buffers.Binary;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Pci;
using Ringmaster.Memory;
using static Ringmaster.Devices.Network.E1000.E1000Register;

namespace Ringmaster.Devices.Network.E1000;

/// <summary>Works the transmit ring (Software Developer's Manual section 3.3).</summary>
internal sealed class E1000Transmitter
{
    /// <summary>Bytes of a packet at most: 64 KiB of IP behind headers.</summary>
    private const int Longest = 65536 + 256;

    private const int DescriptorSize = 16, ShortestFrame = 60, LongestFrame = 16288, TypeOffset = 12, TagSize = 4, EthernetHeader = 14, ShortestSegment = 8;
    private const uint IsEnabled = 1 << 1, PadsShort = 1 << 3, InsertsTags = 1 << 30;
    private const uint EndOfPacket = 1 << 24, InsertsChecksum = 1 << 26, Segments = 1 << 26, ReportsStatus = 1 << 27, IsExtended = 1 << 29, HasTag = 1 << 30,
        IsDelayed = 1u << 31;
    private const byte SumsIp = 1, SumsTransport = 2;
    private const ulong Done = 1;

    // So that a driver with long rings does not keep the card, which holds the machine's lock, for long: then it goes on a little later.
    private const int MostDescriptors = 512, MostBytes = 1 << 20, MostPieces = 512;

    private readonly PciFunction _pci;
    private readonly E1000Registers _registers;
    private readonly E1000Statistics _statistics;
    private readonly DmaSpace _dma;
    private readonly IVmClock _clock;
    private readonly E1000Interrupts _interrupts;
    private readonly E1000Delay _delay;
    private readonly FrameSink _send;
    private readonly IVmTimer _goOn;
    private readonly byte[] _packet = new byte[Longest], _frame = new byte[LongestFrame + TagSize];
    private E1000Context _checksums, _segmentation;
    private bool _isInPacket, _isTooLong, _isCut;
    private byte _options;
    private ushort? _tag;
    private int _length, _budget, _pieces;

    /// <summary>Creates it.</summary>
    /// <param name="pci">The function, which has to be bus master.</param>
    /// <param name="registers">Ring and modes.</param>
    /// <param name="statistics">Counts.</param>
    /// <param name="dma">Memory as the card sees it.</param>
    /// <param name="clock">Measures delays.</param>
    /// <param name="interrupts">Tells what is done.</param>
    /// <param name="send">Takes frames.</param>
    /// <param name="name">For timers.</param>
    public E1000Transmitter(
        PciFunction pci, E1000Registers registers, E1000Statistics statistics, DmaSpace dma, IVmClock clock, E1000Interrupts interrupts, FrameSink send,
        string name)
    {
        (_pci, _registers, _statistics, _dma, _clock, _interrupts, _send) = (pci, registers, statistics, dma, clock, interrupts, send);
        _delay = new E1000Delay(registers, clock, TransmitDelay, TransmitAbsoluteDelay, $"{name} transmit", () => interrupts.Raise(E1000Cause.TransmitWrittenBack));
        _goOn = clock.CreateTimer($"{name} transmit ring", Work);
    }

    public E1000Delay Delay => _delay;

    private int Count => (int)(_registers[TransmitLength] / DescriptorSize);

    private int Waiting
    {
        get
        {
            var (count, head, tail) = (Count, (int)_registers[TransmitHead], (int)_registers[TransmitTail]);
            // A tail outside the ring would never be come to.
            return tail >= count ? 0 : (tail - head % count + count) % count;
        }
    }

    /// <summary>Sends what is in the ring.</summary>
    public void Work()
    {
        var before = Waiting;
        if ((_registers[TransmitControl] & IsEnabled) == 0 || before == 0 || !_pci.IsBusMaster)
            return;
        (_budget, _pieces) = (MostBytes, 0);
        var ring = new GuestPhysicalAddress((ulong)_registers[TransmitBaseHigh] << 32 | _registers[TransmitBaseLow]);
        var causes = 0u;
        var isDelayed = false;
        var most = Math.Min(before, MostDescriptors);
        var done = 0;
        for (; done < most && _budget > 0 && _pieces < MostPieces; done++)
        {
            var head = (int)_registers[TransmitHead] % Count;
            var at = ring + (ulong)(head * DescriptorSize);
            if (_dma.TryRead(at, out ulong low) && _dma.TryRead(at + 8, out ulong high))
            {
                Take(low, high);
                if ((high & ReportsStatus) != 0)
                {
                    _dma.TryWrite(at + 12, (uint)(high >> 32 | Done));
                    if ((high & IsDelayed) != 0)
                        isDelayed = true;
                    else
                        causes |= E1000Cause.TransmitWrittenBack;
                }
            }
            _registers[TransmitHead] = (uint)((head + 1) % Count);
        }
        var left = before - done;
        if (left == 0)
            causes |= E1000Cause.TransmitQueueEmpty;
        else
            _goOn.Arm(_clock.Now);
        // In units of eight descriptors (section 13.4.44, LWTHRESH).
        var low8 = (int)(_registers[TransmitThresholds] >> 25) * 8;
        if (low8 != 0 && left <= low8 && before > low8)
            causes |= E1000Cause.TransmitLow;
        if (causes != 0)
            _interrupts.Raise(causes);
        if (isDelayed)
            _delay.Begin();
    }

    public void Reset()
    {
        (_checksums, _segmentation, _length, _isInPacket, _isTooLong, _isCut, _options, _tag) = (default, default, 0, false, false, false, 0, null);
        _delay.Cancel();
        _goOn.Disarm();
    }

    public E1000TransmitState Capture() => new(
        _checksums, _segmentation, _packet[.._length], _isInPacket, _isTooLong, _isCut, _options, _tag, _goOn.Deadline is not null);

    public void Apply(E1000TransmitState state)
    {
        Reset();
        (_checksums, _segmentation, _isInPacket, _isTooLong, _isCut) = (state.Checksums, state.Segmentation, state.IsInPacket, state.IsTooLong, state.IsCut);
        (_options, _tag, _length) = ((byte)(state.Options & 3), state.Tag, Math.Min(state.Packet.Length, Longest));
        state.Packet.AsSpan(0, _length).CopyTo(_packet);
        if (state.IsBehind)
            _goOn.Arm(_clock.Now);
    }

    private void Take(ulong low, ulong high)
    {
        var isExtended = (high & IsExtended) != 0;
        var kind = (high >> 20) & 0xF;
        if (isExtended && kind == 0)
        {
            var context = E1000Context.Parse(low, high);
            if ((high & Segments) != 0)
                _segmentation = context;
            else
                _checksums = context;
            return;
        }
        if (isExtended && kind != 1)
            return;
        if (!_isInPacket)
        {
            // The first descriptor says what is to be done to the packet (section 3.3.7).
            (_isInPacket, _isTooLong, _length, _tag) = (true, false, 0, null);
            (_isCut, _options) = isExtended ? ((high & Segments) != 0, (byte)(high >> 40 & 3)) : (false, (byte)0);
        }
        if ((high & HasTag) != 0)
            _tag = (ushort)(high >> 48);
        Append(low, (int)(high & (isExtended ? 0xF_FFFFUL : 0xFFFF)));
        if ((high & EndOfPacket) == 0)
            return;
        _isInPacket = false;
        if (!_isTooLong && _length >= EthernetHeader)
            Finish(isExtended, high);
        _length = 0;
    }

    private void Append(ulong address, int length)
    {
        _budget -= length;
        // What is no RAM reads as zeros.
        _isTooLong |= length > Longest - _length;
        if (_isTooLong)
            return;
        var part = _packet.AsSpan(_length, length);
        if (!_dma.TryRead(new GuestPhysicalAddress(address), part))
            part.Clear();
        _length += length;
    }

    private void Finish(bool isExtended, ulong high)
    {
        var packet = _packet.AsSpan(0, _length);
        if (_isCut)
        {
            Cut(packet);
            return;
        }
        if (isExtended)
            E1000Segmenter.Sum(packet, _checksums, (_options & SumsIp) != 0, (_options & SumsTransport) != 0);
        else if ((high & InsertsChecksum) != 0)
            E1000Segmenter.Sum(packet, (byte)(high >> 40), (byte)(high >> 16), last: 0);
        Send(packet);
    }

    private void Cut(ReadOnlySpan<byte> packet)
    {
        var (headers, size) = ((int)_segmentation.HeaderLength, (int)_segmentation.SegmentSize);
        if (headers < EthernetHeader || headers > packet.Length || size < ShortestSegment || headers + size > LongestFrame)
            return;
        _statistics.Count(Segmentations);
        var payload = packet[headers..];
        for (var (at, number) = (0, 0); at < payload.Length || number == 0; number++)
        {
            var part = payload.Slice(at, Math.Min(size, payload.Length - at));
            var piece = _frame.AsSpan(0, headers + part.Length);
            packet[..headers].CopyTo(piece);
            part.CopyTo(piece[headers..]);
            if (!E1000Segmenter.TryComplete(piece, _segmentation, number, at, isLast: at + part.Length == payload.Length))
                return;
            E1000Segmenter.Sum(piece, _segmentation, (_options & SumsIp) != 0, (_options & SumsTransport) != 0);
            Send(piece);
            at += part.Length;
        }
    }

    /// <summary>Sends a frame, padded and tagged as software wants it.</summary>
    /// <param name="frame">Perhaps a part of the buffer in which that is done.</param>
    private void Send(ReadOnlySpan<byte> frame)
    {
        _pieces++;
        if (frame.Length > LongestFrame)
            return;
        var isTagged = _tag is not null && (_registers[Control] & InsertsTags) != 0;
        var pads = (_registers[TransmitControl] & PadsShort) != 0 && frame.Length < ShortestFrame;
        if (isTagged || pads)
        {
            var length = frame.Length;
            frame.CopyTo(_frame);
            if (isTagged)
            {
                _frame.AsSpan(TypeOffset, length - TypeOffset).CopyTo(_frame.AsSpan(TypeOffset + TagSize));
                BinaryPrimitives.WriteUInt16BigEndian(_frame.AsSpan(TypeOffset), (ushort)_registers[VlanType]);
                BinaryPrimitives.WriteUInt16BigEndian(_frame.AsSpan(TypeOffset + 2), _tag!.Value);
                length += TagSize;
            }
            if (pads && length < ShortestFrame)
            {
                _frame.AsSpan(length, ShortestFrame - length).Clear();
                length = ShortestFrame;
            }
            frame = _frame.AsSpan(0, length);
        }
        _statistics.Transmitted(frame);
        _send(frame);
    }
}
