using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Virtio.Rings;

namespace Ringmaster.Devices.Virtio.Block;

/// <summary>
/// A block device (virtio 1.2 section 5.2). Data goes straight between the back end and the guest's buffers. Requests overlap and
/// end in any order.
/// </summary>
public sealed class VirtioBlock : VirtioDevice
{
    private const int HeaderSize = 16, IdSize = 20, Sector = BlockRequest.SectorSize;
    private const uint ReadIn = 0, WriteOut = 1, FlushOut = 4, GetId = 8, DiscardOut = 11, WriteZeroesOut = 13, UnmapFlag = 1;
    private const byte Ok = 0, InputOutputError = 1, Unsupported = 2;
    // Copying this much takes about as long as handing the request to a thread and its answer back, on cores that sleep meanwhile.
    // Longer ones would keep the machine's lock from others.
    private const ulong MostReadAtOnce = 512 * 1024;
    private const int WritebackOffset = 32, MostRanges = 32;
    private const uint MostRangeSectors = 0x3F_FFFF;

    private readonly IBlockBackend _disk;
    private readonly byte[] _serial = new byte[IdSize];
    private readonly int _queueSize;
    private readonly HashSet<VirtioBlockRequest> _working = [];
    private bool _writesBack = true;

    /// <summary>Creates the device.</summary>
    /// <param name="disk">What it reads and writes.</param>
    /// <param name="serial">What the guest can tell disks apart by; 20 ASCII characters of it.</param>
    /// <param name="queues">How many request queues: one for each vCPU.</param>
    /// <param name="queueSize">Descriptors of each.</param>
    public VirtioBlock(IBlockBackend disk, string serial, int queues = 1, int queueSize = 256)
    {
        ArgumentNullException.ThrowIfNull(disk);
        ArgumentNullException.ThrowIfNull(serial);
        (_disk, _queueSize) = (disk, queueSize);
        Encoding.ASCII.GetBytes(serial.AsSpan(0, Math.Min(serial.Length, IdSize)), _serial);
        QueueSizes = [.. Enumerable.Repeat(queueSize, queues)];
    }

    /// <inheritdoc/>
    public override VirtioType Type => VirtioType.Block;

    /// <inheritdoc/>
    public override ulong Features =>
        VirtioBlockFeature.MostSegments | VirtioBlockFeature.BlockSize | VirtioBlockFeature.Flush | VirtioBlockFeature.Topology
        | VirtioBlockFeature.CacheMode | (QueueSizes.Count > 1 ? VirtioBlockFeature.Queues : 0)
        | (_disk.IsReadOnly ? VirtioBlockFeature.ReadOnly : VirtioBlockFeature.WriteZeroes | (_disk.CanDiscard ? VirtioBlockFeature.Discard : 0));

    /// <inheritdoc/>
    public override IReadOnlyList<int> QueueSizes { get; }

    /// <inheritdoc/>
    public override int ConfigLength => 60;

    /// <inheritdoc/>
    public override void ReadConfig(Span<byte> config)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(config, _disk.Length / Sector);
        // A request has a header and a status beside its segments.
        BinaryPrimitives.WriteUInt32LittleEndian(config[12..], (uint)_queueSize - 2);
        BinaryPrimitives.WriteUInt32LittleEndian(config[20..], Sector);
        // Eight logical blocks make a physical one of 4 KiB.
        config[24] = 3;
        BinaryPrimitives.WriteUInt16LittleEndian(config[26..], 1);
        config[WritebackOffset] = _writesBack ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(config[34..], (ushort)QueueSizes.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(config[36..], MostRangeSectors);
        BinaryPrimitives.WriteUInt32LittleEndian(config[40..], MostRanges);
        BinaryPrimitives.WriteUInt32LittleEndian(config[44..], 8);
        BinaryPrimitives.WriteUInt32LittleEndian(config[48..], MostRangeSectors);
        BinaryPrimitives.WriteUInt32LittleEndian(config[52..], MostRanges);
        config[56] = _disk.CanDiscard ? (byte)1 : (byte)0;
    }

    /// <inheritdoc/>
    public override void WriteConfig(int offset, ReadOnlySpan<byte> bytes)
    {
        if ((Agreed & VirtioBlockFeature.CacheMode) != 0 && offset <= WritebackOffset && offset + bytes.Length > WritebackOffset)
            _writesBack = (bytes[WritebackOffset - offset] & 1) != 0;
    }

    /// <inheritdoc/>
    public override void Start()
    {
        // A driver that does not know of flushes expects writes to last (section 5.2.6.2).
        if ((Agreed & VirtioBlockFeature.CacheMode) == 0)
            _writesBack = (Agreed & VirtioBlockFeature.Flush) != 0;
        foreach (var index in Enumerable.Range(0, QueueSizes.Count))
            Notified(Queue(index));
    }

    /// <inheritdoc/>
    public override void Continue()
    {
        foreach (var index in Enumerable.Range(0, QueueSizes.Count))
        {
            foreach (var chain in Queue(index).Retake())
                Begin(Queue(index), chain);
        }
    }

    /// <inheritdoc/>
    public override void Notified(VirtQueue queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        do
        {
            queue.AskForNotification(false);
            while (queue.Take() is { } chain)
                Begin(queue, chain);
        }
        while (queue.AskForNotification(true));
        queue.Notify();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        if (_working.Count != 0)
            _disk.Drain();
        _working.Clear();
        _writesBack = true;
    }

    /// <inheritdoc/>
    public override JsonElement? Save() => JsonSerializer.SerializeToElement(new VirtioBlockState(_writesBack), VirtioBlockStateJson.Default.VirtioBlockState);

    /// <inheritdoc/>
    public override void Restore(JsonElement? state)
    {
        var read = Read(state, VirtioBlockStateJson.Default.VirtioBlockState);
        Reset();
        _writesBack = read.WritesBack;
    }

    private void Begin(VirtQueue queue, DescriptorChain chain)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        // Without room for a status there is no way to answer.
        if (!chain.Readable.TryRead(0, header) || chain.Writable.Length == 0)
        {
            Break();
            return;
        }
        var (type, sector) = (BinaryPrimitives.ReadUInt32LittleEndian(header), BinaryPrimitives.ReadUInt64LittleEndian(header[8..]));
        var (sent, room) = (chain.Readable.Length - HeaderSize, chain.Writable.Length - 1);
        switch (type)
        {
            case ReadIn:
                Move(queue, chain, BlockOperation.Read, chain.Writable, 0, room, sector);
                break;
            case WriteOut:
                Move(queue, chain, BlockOperation.Write, chain.Readable, HeaderSize, sent, sector);
                break;
            case FlushOut:
                Submit(Started(queue, chain), BlockOperation.Flush, 0, 0, []);
                break;
            case GetId:
                // A shorter buffer gets the first characters only.
                var id = _serial.AsSpan(0, (int)Math.Min(room, IdSize));
                End(queue, chain, chain.Writable.TryWrite(0, id) ? Ok : InputOutputError, (uint)id.Length);
                break;
            case DiscardOut when (Agreed & VirtioBlockFeature.Discard) != 0:
            case WriteZeroesOut when (Agreed & VirtioBlockFeature.WriteZeroes) != 0:
                ChangeRanges(queue, chain, type == DiscardOut, sent);
                break;
            default:
                End(queue, chain, Unsupported, 0);
                break;
        }
    }

    private void Move(VirtQueue queue, DescriptorChain chain, BlockOperation operation, BufferList data, ulong offset, ulong length, ulong sector)
    {
        var pieces = new List<Memory<byte>>();
        if (length % Sector != 0 || !IsOnDisk(sector, length / Sector) || !data.TryMap(offset, length, pieces))
        {
            End(queue, chain, InputOutputError, 0);
            return;
        }
        if (operation == BlockOperation.Write && _disk.IsReadOnly)
        {
            End(queue, chain, InputOutputError, 0);
            return;
        }
        if (operation == BlockOperation.Read && length is > 0 and <= MostReadAtOnce && _disk.TryRead(sector * Sector, pieces))
        {
            chain.Writable.NoteWritten(0, length);
            End(queue, chain, Ok, (uint)length);
            return;
        }
        Submit(Started(queue, chain, operation == BlockOperation.Read ? (uint)length : 0), operation, sector * Sector, length, pieces);
    }

    /// <summary>Discards or clears a list of ranges.</summary>
    private void ChangeRanges(VirtQueue queue, DescriptorChain chain, bool discards, ulong length)
    {
        Span<VirtioBlockRange> ranges = stackalloc VirtioBlockRange[MostRanges];
        var count = (int)Math.Min(length / VirtioBlockRange.Size, MostRanges + 1);
        if (length % VirtioBlockRange.Size != 0 || count is 0 or > MostRanges
            || !chain.Readable.TryRead(HeaderSize, MemoryMarshal.AsBytes(ranges = ranges[..count])))
        {
            End(queue, chain, InputOutputError, 0);
            return;
        }
        foreach (var range in ranges)
        {
            var legal = discards ? 0 : UnmapFlag;
            if ((range.Flags & ~legal) != 0 || range.Sectors > MostRangeSectors)
            {
                End(queue, chain, Unsupported, 0);
                return;
            }
            if (!IsOnDisk(range.Sector, range.Sectors))
            {
                End(queue, chain, InputOutputError, 0);
                return;
            }
        }
        var request = Started(queue, chain);
        request.Pending = count;
        foreach (var range in ranges)
            Submit(request, discards ? BlockOperation.Discard : BlockOperation.WriteZeroes, range.Sector * Sector, (ulong)range.Sectors * Sector, [],
                (range.Flags & UnmapFlag) != 0);
    }

    private bool IsOnDisk(ulong sector, ulong sectors) => sector <= _disk.Length / Sector && sectors <= _disk.Length / Sector - sector;

    private VirtioBlockRequest Started(VirtQueue queue, DescriptorChain chain, uint read = 0)
    {
        var request = new VirtioBlockRequest(queue, chain) { Read = read };
        _working.Add(request);
        return request;
    }

    private void Submit(VirtioBlockRequest request, BlockOperation operation, ulong offset, ulong length, IReadOnlyList<Memory<byte>> pieces, bool mayUnmap = false) =>
        _disk.Submit(new BlockRequest(operation, offset, length, status => Completed(request, operation, status)) { Buffers = pieces, MayUnmap = mayUnmap });

    private void Completed(VirtioBlockRequest request, BlockOperation operation, BlockStatus status)
    {
        // The device may have been reset since.
        if (!_working.Contains(request))
            return;
        if (status != BlockStatus.Done)
            request.Status = InputOutputError;
        if (--request.Pending > 0)
            return;
        if (request.Read > 0)
            request.Chain.Writable.NoteWritten(0, request.Read);
        if (request.Status == Ok && !_writesBack && operation is BlockOperation.Write or BlockOperation.WriteZeroes)
        {
            request.Pending = 1;
            Submit(request, BlockOperation.Flush, 0, 0, []);
            return;
        }
        _working.Remove(request);
        End(request.Queue, request.Chain, request.Status, request.Read);
        request.Queue.Notify();
    }

    /// <summary>Stores the status in the last byte and gives the chain back.</summary>
    private static void End(VirtQueue queue, DescriptorChain chain, byte status, uint written)
    {
        var last = chain.Writable.Length - 1;
        var told = chain.Writable.TryWrite(last, [status]);
        // What is said to have been written is written from the start on without a gap.
        queue.Return(chain, told && written == last ? written + 1 : status == Ok ? written : 0);
    }
}
