using Ringmaster.Devices.Storage;

namespace Ringmaster.Devices.Tests.Contract;

/// <summary>A disk in memory. What it does, and when a request ends, the test decides.</summary>
public sealed class TestDisk(TestWiring wiring) : IBlockBackend
{
    private readonly Queue<BlockRequest> _waiting = [];
    private readonly Queue<(BlockRequest Request, BlockStatus Status)> _drained = [];
    private byte[] _content = new byte[64 * BlockRequest.SectorSize];

    /// <summary>The bytes on it; a new array is another size.</summary>
    public byte[] Content
    {
        get => _content;
        set => _content = value;
    }

    public ulong Length => (ulong)_content.Length;

    public bool IsReadOnly { get; set; }

    public bool CanDiscard => true;

    /// <summary>How many requests wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>What every request ends with from now on, beyond what is wrong with it itself.</summary>
    public BlockStatus Outcome { get; set; }

    public void Submit(BlockRequest request)
    {
        var buffers = request.Buffers.Aggregate(0UL, (sum, buffer) => sum + (ulong)buffer.Length);
        var moves = request.Operation is BlockOperation.Read or BlockOperation.Write;
        if (request.Offset % BlockRequest.SectorSize != 0 || request.Length % BlockRequest.SectorSize != 0 || buffers != (moves ? request.Length : 0))
            throw new ArgumentException("A device must not submit this request.", nameof(request));
        _waiting.Enqueue(request);
    }

    /// <summary>Whether reads that need no waiting are done at once.</summary>
    public bool ReadsAtOnce { get; set; }

    public bool TryRead(ulong offset, IReadOnlyList<Memory<byte>> buffers)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        var length = buffers.Aggregate(0UL, (sum, buffer) => sum + (ulong)buffer.Length);
        return ReadsAtOnce && Do(new BlockRequest(BlockOperation.Read, offset, length, _ => { }) { Buffers = buffers }) == BlockStatus.Done;
    }

    /// <summary>Does everything; the requests end later.</summary>
    public void Drain()
    {
        while (_waiting.TryDequeue(out var request))
            _drained.Enqueue((request, Do(request)));
    }

    /// <summary>Ends what <see cref="Drain"/> has done.</summary>
    public void CompleteDrained()
    {
        while (_drained.TryDequeue(out var done))
            done.Request.Completed(done.Status);
    }

    /// <summary>Ends some of the requests, oldest first.</summary>
    public void CompleteSome(int most = int.MaxValue)
    {
        CompleteDrained();
        for (; most > 0 && _waiting.TryDequeue(out var request); most--)
        {
            var status = Do(request);
            wiring.Note($"disk {request.Operation} {request.Offset}+{request.Length}: {status}");
            request.Completed(status);
        }
    }

    public void CopyContentTo(TestDisk other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other._content = [.. _content];
        other.Outcome = Outcome;
    }

    private BlockStatus Do(BlockRequest request)
    {
        if (request.Offset > Length || request.Length > Length - request.Offset)
            return BlockStatus.OutOfRange;
        if (IsReadOnly && request.Operation is not (BlockOperation.Read or BlockOperation.Flush))
            return BlockStatus.ReadOnly;
        if (Outcome != BlockStatus.Done)
            return Outcome;
        var content = _content.AsSpan((int)request.Offset, (int)request.Length);
        if (request.Operation == BlockOperation.WriteZeroes)
            content.Clear();
        foreach (var buffer in request.Buffers)
        {
            if (request.Operation == BlockOperation.Read)
                content[..buffer.Length].CopyTo(buffer.Span);
            else
                buffer.Span.CopyTo(content);
            content = content[buffer.Length..];
        }
        return BlockStatus.Done;
    }
}
