using Ringmaster.Devices.Virtio.NineP;

namespace Ringmaster.Backends.Sharing;

/// <summary>
/// Shares a directory of the host's with a guest. What the guest does there, it does with the rights of the user whom this program
/// runs as, but for what may never be: devices cannot be made, and files get no bits that lend their owner's rights.
/// </summary>
/// <remarks>
/// Requests are carried out by a thread of its own, in order. A saved state has names of files: it can be restored wherever the
/// directory has the same content. Files that were deleted while they were open are stale then. Locks hold inside the guest only.
/// A directory that somebody on the host moves out of the shared one while the guest uses it stays the guest's until it lets go.
/// </remarks>
public sealed class ShareServer : INinePServer, IDisposable
{
    private readonly object _lock = new();
    private readonly Queue<NinePRequest> _waiting = [];
    private readonly SharedFolder _folder;
    private readonly Thread _thread;
    private NinePSession? _next;
    private bool _isBusy, _isClosing;

    /// <summary>Opens the directory and starts the thread.</summary>
    /// <param name="directory">Its path.</param>
    /// <param name="isReadOnly">Whether the guest may only read.</param>
    /// <exception cref="IOException">It is not there, or may not be read.</exception>
    public ShareServer(string directory, bool isReadOnly)
    {
        _folder = new SharedFolder(directory, isReadOnly);
        _thread = new Thread(Serve) { IsBackground = true, Name = "share" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public int LongestMessage => SharedFolder.LongestMessage;

    /// <inheritdoc/>
    public void Submit(NinePRequest request)
    {
        lock (_lock)
        {
            if (_isClosing)
                return;
            _waiting.Enqueue(request);
            Monitor.PulseAll(_lock);
        }
    }

    /// <inheritdoc/>
    public void Reset() => Restore(NinePSession.None);

    /// <inheritdoc/>
    public NinePSession Save()
    {
        lock (_lock)
        {
            WaitUntilIdle();
            return _folder.Save();
        }
    }

    /// <inheritdoc/>
    public void Restore(NinePSession session)
    {
        lock (_lock)
        {
            // What waits is of a guest that is forgotten. What is under way ends first, on the thread.
            _waiting.Clear();
            _next = session;
            Monitor.PulseAll(_lock);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosing)
                return;
            _isClosing = true;
            _waiting.Clear();
            Monitor.PulseAll(_lock);
        }
        // A file system that does not answer keeps the thread, and the folder with it, until the process ends.
        if (_thread.Join(TimeSpan.FromSeconds(5)))
            _folder.Dispose();
    }

    private void WaitUntilIdle()
    {
        while ((_waiting.Count > 0 || _next is not null || _isBusy) && !_isClosing)
            Monitor.Wait(_lock);
    }

    private void Serve()
    {
        while (true)
        {
            NinePSession? session;
            NinePRequest? request = null;
            lock (_lock)
            {
                _isBusy = false;
                Monitor.PulseAll(_lock);
                while (_waiting.Count == 0 && _next is null && !_isClosing)
                    Monitor.Wait(_lock);
                if (_isClosing)
                    return;
                (session, _next) = (_next, null);
                if (session is null)
                    request = _waiting.Dequeue();
                _isBusy = true;
            }
            if (session is not null)
                _folder.Restore(session);
            else
                request!.Completed(_folder.Answer(request.Message.Span, request.Room));
        }
    }
}
