using System.Diagnostics;
using Ringmaster.Backends.Display.Encoding;
using Ringmaster.Devices.Display;

namespace Ringmaster.Backends.Display;

/// <summary>
/// Sends a client what has changed on the screen, on a thread of its own, at most 30 times a second and only while the client waits
/// for it. From the end of the handshake on, nobody else writes to the connection.
/// </summary>
internal sealed class RfbUpdater : IDisposable
{
    /// <summary>The most pixels across and down of a rectangle that is sent.</summary>
    internal const int MostWidth = 2048, MostHeight = 64;

    private const int Update = 0, SetColours = 1, Prohibited = 1, ThisClient = 1, OneScreen = 1 << 24;
    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(33);

    private readonly Func<IConsole> _console;
    private readonly RfbOutput _output;
    private readonly object _lock = new();
    private readonly ClientPicture _picture = new();
    private readonly Dictionary<int, IRectangleEncoder> _encoders = [];
    private readonly List<Rectangle> _changes = [];
    private readonly List<Rectangle> _pieces = [];
    private uint[] _latest = [];

    // Guarded by the lock: what the client has asked for since the thread looked last.
    private Rectangle _wanted;
    private Rectangle _forgotten;
    private RfbPixelFormat _format = RfbPixelFormat.Native;
    private RfbEncodings _encodings = new();
    private bool _coloursDue;
    private bool _codesDue;
    private bool _layoutDue;
    private bool _refusalDue;
    private bool _stopped;

    // The thread's own.
    private bool? _toldAbsolute;
    private volatile bool _sendsMovements;

    /// <summary>Creates the updater.</summary>
    /// <param name="console">The guest's console at the time.</param>
    /// <param name="output">The connection.</param>
    internal RfbUpdater(Func<IConsole> console, RfbOutput output)
    {
        _console = console;
        _output = output;
        _picture.Resize(console().Capture(ref _latest));
    }

    /// <summary>The size of the client's picture.</summary>
    internal ScreenSize Size
    {
        get
        {
            lock (_lock)
                return _picture.Size;
        }
    }

    /// <summary>Whether the client was told to send movements of its pointer instead of positions.</summary>
    internal bool SendsMovements => _sendsMovements;

    /// <summary>The client wants other pixels from now on.</summary>
    internal void SetFormat(in RfbPixelFormat format, bool isMapped)
    {
        lock (_lock)
            (_format, _coloursDue) = (format, isMapped);
    }

    /// <summary>The client says what it understands.</summary>
    internal void SetEncodings(RfbEncodings encodings)
    {
        lock (_lock)
        {
            _codesDue |= encodings.SendsCodes && !_encodings.SendsCodes;
            _layoutDue |= encodings.ResizesScreens && !_encodings.ResizesScreens;
            _encodings = encodings;
        }
    }

    /// <summary>The client waits for an update.</summary>
    /// <param name="part">What it wants to know of.</param>
    /// <param name="isIncremental">Whether what has not changed can be left out.</param>
    internal void Request(Rectangle part, bool isIncremental)
    {
        lock (_lock)
        {
            _wanted = _wanted.Around(part);
            if (!isIncremental)
            {
                _forgotten = _forgotten.Around(part);
                _layoutDue |= _encodings.ResizesScreens;
            }
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>The client wants the guest to have another screen, which is the guest's business.</summary>
    internal void RefuseResize()
    {
        lock (_lock)
        {
            _refusalDue = _encodings.ResizesScreens;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Sends updates until stopped.</summary>
    /// <exception cref="IOException">The client is gone, or takes nothing for too long.</exception>
    internal void Run()
    {
        var lastFrame = 0L;
        while (WaitForRequest(lastFrame))
        {
            lastFrame = Stopwatch.GetTimestamp();
            SendFrame();
        }
    }

    /// <summary>Makes <see cref="Run"/> return.</summary>
    internal void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            Monitor.PulseAll(_lock);
        }
    }

    public void Dispose()
    {
        foreach (var encoder in _encoders.Values)
            encoder.Dispose();
    }

    /// <summary>Waits until the client wants an update and the last one is a frame ago.</summary>
    /// <returns>False when stopped.</returns>
    private bool WaitForRequest(long lastFrame)
    {
        lock (_lock)
        {
            while (!_stopped)
            {
                if (_wanted.IsEmpty && !_refusalDue)
                {
                    Monitor.Wait(_lock);
                    continue;
                }
                var left = s_frame - Stopwatch.GetElapsedTime(lastFrame);
                if (lastFrame == 0 || left <= TimeSpan.Zero)
                    return true;
                Monitor.Wait(_lock, left);
            }
            return false;
        }
    }

    private void SendFrame()
    {
        var console = _console();
        var size = console.Capture(ref _latest);
        var isAbsolute = console.PointerIsAbsolute;
        var due = TakeDue(size);
        if (due.Colours)
            SendColours();
        if (due.Layout || due.Refusal || due.Resized)
            SendLayout(due);
        // A new size goes alone: the client asks again once it has taken it on, and then everything differs.
        if (!due.Resized)
            SendChanges(due, size, isAbsolute);
        _output.Flush();
    }

    private Due TakeDue(ScreenSize size)
    {
        lock (_lock)
        {
            var resized = size != _picture.Size && _encodings.Resizes;
            var due = new Due(_wanted, _format, _encodings, _coloursDue, _codesDue && !resized, _layoutDue, _refusalDue, resized);
            if (resized)
                _picture.Resize(size);
            else
                _picture.Forget(_forgotten);
            _codesDue &= resized;
            _wanted = _forgotten = default;
            _coloursDue = _layoutDue = _refusalDue = false;
            return due;
        }
    }

    private void SendChanges(Due due, ScreenSize size, bool isAbsolute)
    {
        var motionDue = due.Encodings.SendsMovements && _toldAbsolute != isAbsolute;
        _picture.Update(due.Wanted, _latest, size, _changes);
        Split();
        var count = _pieces.Count + (due.Codes ? 1 : 0) + (motionDue ? 1 : 0);
        if (count == 0)
        {
            WantAgain(due.Wanted);
            return;
        }
        StartUpdate(count);
        if (due.Codes)
            WriteHeader(default, RfbEncodings.ExtendedKeysId);
        if (motionDue)
        {
            _toldAbsolute = isAbsolute;
            WriteHeader(new Rectangle(isAbsolute ? 1 : 0, 0, 0, 0), RfbEncodings.PointerMotionId);
        }
        _sendsMovements = due.Encodings.SendsMovements && !isAbsolute;
        var encoder = EncoderOf(due.Encodings.Pixels);
        foreach (var piece in _pieces)
        {
            WriteHeader(piece, encoder.Number);
            encoder.Encode(_picture, piece, due.Format, _output);
        }
    }

    private void WantAgain(Rectangle wanted)
    {
        lock (_lock)
            _wanted = _wanted.Around(wanted);
    }

    private IRectangleEncoder EncoderOf(int number)
    {
        if (_encoders.TryGetValue(number, out var encoder))
            return encoder;
        return _encoders[number] = number switch
        {
            HextileEncoder.Id => new HextileEncoder(),
            ZrleEncoder.Id => new ZrleEncoder(),
            TightEncoder.Id => new TightEncoder(),
            _ => new RawEncoder(),
        };
    }

    /// <summary>Makes pieces of the changes that are small enough for every encoding, so that no buffer has to hold a whole picture.</summary>
    private void Split()
    {
        _pieces.Clear();
        foreach (var change in _changes)
        {
            for (var y = change.Y; y < change.Bottom; y += MostHeight)
            {
                for (var x = change.X; x < change.Right; x += MostWidth)
                    _pieces.Add(new Rectangle(x, y, MostWidth, MostHeight).Common(change));
            }
        }
    }

    private void StartUpdate(int rectangles)
    {
        _output.WriteByte(Update);
        _output.WriteByte(0);
        _output.WriteUInt16(rectangles);
    }

    private void WriteHeader(Rectangle part, int encoding)
    {
        _output.WriteUInt16(part.X);
        _output.WriteUInt16(part.Y);
        _output.WriteUInt16(part.Width);
        _output.WriteUInt16(part.Height);
        _output.WriteInt32(encoding);
    }

    /// <summary>Tells the size of the screen, of which there is one (rfbproto, "ExtendedDesktopSize Pseudo-encoding").</summary>
    private void SendLayout(Due due)
    {
        var (width, height) = (_picture.Size.Width, _picture.Size.Height);
        StartUpdate(1);
        if (!due.Encodings.ResizesScreens)
        {
            WriteHeader(new Rectangle(0, 0, width, height), RfbEncodings.DesktopSizeId);
            return;
        }
        var reason = due.Refusal && !due.Resized ? new Rectangle(ThisClient, Prohibited, width, height) : new Rectangle(0, 0, width, height);
        WriteHeader(reason, RfbEncodings.ExtendedDesktopSizeId);
        _output.WriteInt32(OneScreen);
        // The screen's name, place, size and flags.
        _output.WriteInt32(0);
        _output.WriteInt32(0);
        _output.WriteUInt16(width);
        _output.WriteUInt16(height);
        _output.WriteInt32(0);
    }

    /// <summary>Sets the colour map of a client that wants one (RFC 6143, 7.6.2).</summary>
    private void SendColours()
    {
        const int colours = 256;
        _output.WriteByte(SetColours);
        _output.WriteByte(0);
        _output.WriteUInt16(0);
        _output.WriteUInt16(colours);
        for (var i = 0; i < colours; i++)
        {
            _output.WriteUInt16((i >> 5) * ushort.MaxValue / 7);
            _output.WriteUInt16(((i >> 2) & 7) * ushort.MaxValue / 7);
            _output.WriteUInt16((i & 3) * ushort.MaxValue / 3);
        }
    }

    /// <summary>What one turn of the thread has to do.</summary>
    private readonly record struct Due(
        Rectangle Wanted, RfbPixelFormat Format, RfbEncodings Encodings, bool Colours, bool Codes, bool Layout, bool Refusal, bool Resized);
}
