using System.Text;
using Ringmaster.Host.Files;

namespace Ringmaster.Host.Terminals;

/// <summary>A pair of connected terminals (pty(7)): this program holds one side, and others open the other by its path.</summary>
/// <remarks>
/// The other side starts in raw mode without echo, and this object keeps it open, so that a program that closes it does not
/// end the connection.
/// </remarks>
public sealed unsafe class PseudoTerminal : IDisposable
{
    private readonly FileDescriptor _otherSide;

    private PseudoTerminal(FileDescriptor side, FileDescriptor otherSide, string path)
    {
        Side = side;
        _otherSide = otherSide;
        Path = path;
    }

    /// <summary>This program's side.</summary>
    public FileDescriptor Side { get; }

    /// <summary>The other side's path: <c>"/dev/pts/3"</c>.</summary>
    public string Path { get; }

    /// <summary>Makes a pair.</summary>
    /// <exception cref="LinuxException">The host has no pseudo-terminals left.</exception>
    public static PseudoTerminal Open()
    {
        var number = TerminalNative.OpenPseudoTerminal(
            FileNative.ReadWrite | FileNative.NoControllingTerminal | FileNative.CloseOnExec);
        if (number < 0)
            throw LinuxException.FromLastCall("posix_openpt");
        var side = new FileDescriptor(number, owned: true);
        try
        {
            if (TerminalNative.Grant(number) != 0 || TerminalNative.Unlock(number) != 0)
                throw LinuxException.FromLastCall("unlockpt");
            var path = OtherSidePath(number);
            return new PseudoTerminal(side, OpenRaw(path), path);
        }
        catch
        {
            side.Dispose();
            throw;
        }
    }

    /// <summary>Sets the size that programs on the other side see.</summary>
    /// <exception cref="LinuxException">The terminal refused.</exception>
    public void Resize(TerminalSize size)
    {
        var native = new TerminalNative.WindowSize { Rows = (ushort)size.Rows, Columns = (ushort)size.Columns };
        // SAFETY: the call reads one struct winsize.
        if (TerminalNative.WindowSizeCall(Side.Number, TerminalNative.SetWindowSize, &native) != 0)
            throw LinuxException.FromLastCall("setting the size of a pseudo-terminal");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _otherSide.Dispose();
        Side.Dispose();
    }

    private static string OtherSidePath(int number)
    {
        const int capacity = 256;
        var buffer = stackalloc byte[capacity];
        // SAFETY: the call writes at most capacity bytes and ends them with a zero.
        if (TerminalNative.OtherSideName(number, buffer, capacity) != 0)
            throw LinuxException.FromLastCall("ptsname");
        var bytes = new ReadOnlySpan<byte>(buffer, capacity);
        return Encoding.UTF8.GetString(bytes[..bytes.IndexOf((byte)0)]);
    }

    private static FileDescriptor OpenRaw(string path)
    {
        var number = FileNative.Open(path, FileNative.ReadWrite | FileNative.NoControllingTerminal | FileNative.CloseOnExec);
        if (number < 0)
            throw LinuxException.FromLastCall($"opening {path}");
        var descriptor = new FileDescriptor(number, owned: true);
        if (TerminalNative.GetAttributes(number, out var attributes) == 0
            && TerminalNative.SetAttributes(number, TerminalNative.ApplyNow, attributes.Raw(postProcess: false)) == 0)
            return descriptor;
        var error = LinuxException.FromLastCall($"switching {path} to raw mode");
        descriptor.Dispose();
        throw error;
    }
}
