using Ringmaster.Host.Files;

namespace Ringmaster.Host.Terminals;

/// <summary>A terminal in raw mode: every key reaches the reader at once. Disposing puts the terminal back as it was.</summary>
public sealed class RawTerminal : IDisposable
{
    private readonly FileDescriptor _descriptor;
    private readonly TerminalAttributes _before;
    private readonly TerminalAttributes _raw;
    private readonly Lock _lock = new();
    private bool _restored;

    private RawTerminal(FileDescriptor descriptor, TerminalAttributes before)
    {
        _descriptor = descriptor;
        _before = before;
        _raw = before.Raw(postProcess: true);
    }

    /// <summary>Whether a descriptor is a terminal.</summary>
    public static bool IsTerminal(FileDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return TerminalNative.IsTerminal(descriptor.Number) == 1;
    }

    /// <summary>Switches a terminal to raw mode.</summary>
    /// <returns>Null if the descriptor is not a terminal.</returns>
    /// <exception cref="LinuxException">The terminal refused.</exception>
    public static RawTerminal? Enter(FileDescriptor descriptor)
    {
        if (!IsTerminal(descriptor))
            return null;
        if (TerminalNative.GetAttributes(descriptor.Number, out var before) != 0)
            throw LinuxException.FromLastCall("tcgetattr");
        var terminal = new RawTerminal(descriptor, before);
        terminal.Reapply();
        return terminal;
    }

    /// <summary>Switches to raw mode again after something else changed it, as a shell does to a stopped job.</summary>
    /// <exception cref="LinuxException">The terminal refused.</exception>
    public void Reapply()
    {
        lock (_lock)
        {
            if (!_restored && TerminalNative.SetAttributes(_descriptor.Number, TerminalNative.ApplyNow, _raw) != 0)
                throw LinuxException.FromLastCall("tcsetattr");
        }
    }

    /// <summary>Puts the terminal back. Further calls do nothing; it may be called from any thread.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_restored)
                return;
            _restored = true;
            // A terminal that is gone needs no restoring, so the result does not matter.
            _ = TerminalNative.SetAttributes(_descriptor.Number, TerminalNative.ApplyNow, _before);
        }
    }
}
