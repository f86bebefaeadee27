using Ringmaster.Devices.Display;
using Ringmaster.Devices.Input;

namespace Ringmaster.Backends.Tests.Display;

/// <summary>A machine's console with a picture that the test paints; it notes what is typed.</summary>
internal sealed class FakeConsole : IConsole
{
    private readonly object _lock = new();
    private readonly List<string> _log = [];
    private uint[] _pixels;
    private ScreenSize _size;

    internal FakeConsole(int width = 200, int height = 100)
    {
        _size = new ScreenSize(width, height);
        _pixels = new uint[_size.Pixels];
    }

    public bool PointerIsAbsolute { get; set; } = true;

    internal int Captures { get; private set; }

    internal ScreenSize Size
    {
        get
        {
            lock (_lock)
                return _size;
        }
    }

    internal uint[] Pixels
    {
        get
        {
            lock (_lock)
                return [.. _pixels];
        }
    }

    /// <summary>What was typed and pointed at, a line each.</summary>
    internal string Log
    {
        get
        {
            lock (_lock)
                return string.Join("; ", _log);
        }
    }

    internal void Resize(int width, int height)
    {
        lock (_lock)
        {
            _size = new ScreenSize(width, height);
            _pixels = new uint[_size.Pixels];
        }
    }

    internal void Paint(Func<int, int, uint> colour)
    {
        lock (_lock)
        {
            for (var i = 0; i < _pixels.Length; i++)
                _pixels[i] = colour(i % _size.Width, i / _size.Width);
        }
    }

    internal void Paint(int x, int y, uint colour)
    {
        lock (_lock)
            _pixels[y * _size.Width + x] = colour;
    }

    public ScreenSize Capture(ref uint[] pixels)
    {
        lock (_lock)
        {
            Captures++;
            if (pixels.Length < _pixels.Length)
                pixels = new uint[_pixels.Length];
            _pixels.CopyTo(pixels, 0);
            return _size;
        }
    }

    public void Press(Key key, bool isDown) => Note($"{key.Code} {(isDown ? "down" : "up")}");

    public void Move(int x, int y, PointerButtons buttons, int wheel) => Note($"{x},{y} {buttons} {wheel}");

    private void Note(string what)
    {
        lock (_lock)
            _log.Add(what);
    }
}
