using Microsoft.Extensions.Logging;
using Ringmaster.Devices.Storage;
using Ringmaster.Host;

namespace Ringmaster.Backends.Disks;

/// <summary>
/// Carries out a disk device's requests on an image. A few threads of its own do so, so that requests overlap and the machine never
/// waits; the guest's memory is read and written in place. What changes the image is done one after the other, in the order of its
/// requests: a host's file system lets one writer into a file at a time, and those that wait for it there spin on processors that vCPUs
/// could use. What the host has in memory is only copied, by as many threads as half of its processors; those that must wait for a disk do
/// so beside them.
/// </summary>
public sealed partial class DiskBackend : IBlockBackend, IDisposable
{
    private const int Threads = 4;

    private static readonly int s_mostCopying = Math.Clamp(Environment.ProcessorCount / 2, 1, Threads);

    private readonly IDiskImage _image;
    private readonly ILogger _logger;
    private readonly object _lock = new();
    private readonly Queue<BlockRequest> _changes = [], _others = [];
    private readonly List<Thread> _threads = [];
    private bool _isChanging;
    private Thread? _changer;
    private int _copying;
    private int _working;
    private int _idle;
    private int _draining;
    private bool _closing;
    private string? _lastFailure;

    /// <summary>Opens an image.</summary>
    /// <param name="options">Which, and how.</param>
    /// <param name="loggerFactory">Makes the logger for failures of the host.</param>
    /// <exception cref="DiskImageException">It cannot be opened.</exception>
    public DiskBackend(DiskOptions options, ILoggerFactory loggerFactory)
        : this(DiskImages.Open(options), loggerFactory, options?.Path ?? "")
    {
    }

    /// <summary>Takes over an open image.</summary>
    /// <param name="image">The image; disposed with this object.</param>
    /// <param name="loggerFactory">Makes the logger for failures of the host.</param>
    /// <param name="name">What the log calls the disk.</param>
    public DiskBackend(IDiskImage image, ILoggerFactory loggerFactory, string name)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(name);
        _image = image;
        _logger = loggerFactory.CreateLogger<DiskBackend>();
        Name = name;
        for (var i = 0; i < Threads; i++)
        {
            var thread = new Thread(Serve) { IsBackground = true, Name = $"disk-{i}" };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>What the log calls the disk: the image's path.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public ulong Length => (ulong)_image.Length;

    /// <inheritdoc/>
    public bool IsReadOnly => _image.IsReadOnly;

    /// <inheritdoc/>
    public bool CanDiscard => _image.CanDiscard;

    /// <inheritdoc/>
    public void Submit(BlockRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            var changes = Changes(request);
            (changes ? _changes : _others).Enqueue(request);
            // Whoever makes changes, or was called for the first of those that wait, makes this one, too. So it is with those who copy.
            var isCared = changes ? _isChanging || _changer is not null || _changes.Count > 1 : _copying + _others.Count > s_mostCopying;
            if (!isCared)
                CallOne();
        }
    }

    /// <inheritdoc/>
    public bool TryRead(ulong offset, IReadOnlyList<Memory<byte>> buffers)
    {
        var pieces = new DiskBuffers(buffers);
        if (!Has(offset, (ulong)pieces.Length))
            return false;
        try
        {
            return _image.TryRead((long)offset, pieces);
        }
        catch (IOException)
        {
            // The same read as a request meets the same damage, and reports it.
            return false;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The caller may hold a lock that completions need. All threads may wait for it, so this one carries out what is still to be done,
    /// and leaves those completions to others.
    /// </remarks>
    public void Drain()
    {
        while (NextToDrain() is { } request)
        {
            var status = CarryOut(request);
            ThreadPool.UnsafeQueueUserWorkItem(static end => end.Completed(end.status), (request.Completed, status), preferLocal: false);
        }
    }

    /// <summary>Waits until all requests have completed, and closes the image with everything flushed.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_closing)
                return;
            _closing = true;
            Monitor.PulseAll(_lock);
        }
        foreach (var thread in _threads)
            thread.Join();
        if (!_image.IsReadOnly)
            Try(_image.Flush);
        _image.Dispose();
    }

    private void Serve()
    {
        while (Next() is { } request)
            request.Completed(CarryOut(request));
    }

    private BlockRequest? Next()
    {
        lock (_lock)
        {
            while (true)
            {
                if (TryTake(Thread.CurrentThread) is { } request)
                    return request;
                // Changes that are left belong to the thread that makes them.
                if (_closing)
                    return null;
                _idle++;
                Monitor.Wait(_lock);
                _idle--;
            }
        }
    }

    private BlockRequest? NextToDrain()
    {
        lock (_lock)
        {
            _draining++;
            BlockRequest? request;
            while ((request = TryTake(worker: null)) is null && _working > 0)
                Monitor.Wait(_lock);
            _draining--;
            return request;
        }
    }

    /// <summary>
    /// Takes the next request that may be carried out now. A thread that has made a change makes those that have come meanwhile, too:
    /// another would have to be woken for each.
    /// </summary>
    /// <param name="worker">This thread, or null if it drains: then it takes changes as soon as none is under way.</param>
    private BlockRequest? TryTake(Thread? worker)
    {
        BlockRequest? request;
        if (!_isChanging && (worker is null || _changer is null || _changer == worker) && _changes.TryDequeue(out request))
        {
            _isChanging = true;
            _changer = worker ?? _changer;
        }
        else
        {
            if (_changer == worker)
                _changer = null;
            if (!HasOther)
                return null;
            request = _others.Dequeue();
            _copying += Copies(request) ? 1 : 0;
        }
        _working++;
        // Those who copy come back soon, and are not waited for; others are.
        if (!Copies(request) && HasOther)
            CallOne();
        return request;
    }

    /// <summary>Whether there is a read or flush that may be carried out now.</summary>
    private bool HasOther => _others.TryPeek(out var next) && (!Copies(next) || _copying < s_mostCopying);

    /// <summary>Calls a thread that has nothing to do, be it one that drains. One is enough.</summary>
    private void CallOne()
    {
        if (_idle > 0)
            Monitor.Pulse(_lock);
    }

    private BlockStatus CarryOut(BlockRequest request)
    {
        var isCopied = Copies(request) && TryRead(request.Offset, request.Buffers);
        if (Copies(request) && !isCopied)
            StopCopying();
        var status = isCopied ? BlockStatus.Done : Carry(request);
        End(request, isCopied);
        return status;
    }

    /// <summary>A read must wait for the host's disk: another thread may copy meanwhile.</summary>
    private void StopCopying()
    {
        lock (_lock)
        {
            _copying--;
            if (HasOther)
                CallOne();
        }
    }

    /// <summary>A request has been carried out; that it has is still to be told.</summary>
    private void End(BlockRequest request, bool isCopied)
    {
        lock (_lock)
        {
            _working--;
            _copying -= isCopied ? 1 : 0;
            if (Changes(request))
                _isChanging = false;
            if (_draining > 0)
                Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Whether a request may be done by copying what the host has in memory.</summary>
    private static bool Copies(BlockRequest request) => request.Operation == BlockOperation.Read;

    private static bool Changes(BlockRequest request) => request.Operation is not (BlockOperation.Read or BlockOperation.Flush);

    private BlockStatus Carry(BlockRequest request)
    {
        if (request.Operation == BlockOperation.Flush)
            return _image.IsReadOnly ? BlockStatus.Done : Try(_image.Flush);
        if (!Has(request.Offset, request.Length))
            return BlockStatus.OutOfRange;
        if (_image.IsReadOnly && request.Operation != BlockOperation.Read)
            return BlockStatus.ReadOnly;
        var (offset, length) = ((long)request.Offset, (long)request.Length);
        switch (request.Operation)
        {
            case BlockOperation.Discard:
                return Try(() => _image.Discard(offset, length));
            case BlockOperation.WriteZeroes:
                return Try(() => _image.WriteZeroes(offset, length, request.MayUnmap));
        }
        var buffers = new DiskBuffers(request.Buffers);
        if (buffers.Length != length)
            return Failed($"a request for {length} bytes came with room for {buffers.Length}");
        return request.Operation == BlockOperation.Read
            ? Try(() => _image.Read(offset, buffers))
            : Try(() => _image.Write(offset, buffers));
    }

    private bool Has(ulong offset, ulong length) => offset <= Length && length <= Length - offset;

    private BlockStatus Try(Action work)
    {
        try
        {
            work();
            return BlockStatus.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var status = Failed(error.Message);
            return IsNoSpace(error) ? BlockStatus.NoSpace : status;
        }
    }

    private BlockStatus Failed(string reason)
    {
        // A guest that tries again and again shall not fill the log.
        if (Interlocked.Exchange(ref _lastFailure, reason) != reason)
            LogFailure(Name, reason);
        return BlockStatus.Failed;
    }

    private static bool IsNoSpace(Exception error)
    {
        const int noSpace = 28, quotaExceeded = 122;
        return (error is LinuxException linux ? linux.Errno : error.HResult) is noSpace or quotaExceeded;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Disk {Name} failed: {Reason}")]
    private partial void LogFailure(string name, string reason);
}
