using Ringmaster.Host.Files;

namespace Ringmaster.Host.Terminals;

/// <summary>How many characters a terminal shows.</summary>
/// <param name="Columns">Characters in a line.</param>
/// <param name="Rows">Lines.</param>
public readonly record struct TerminalSize(int Columns, int Rows)
{
    /// <summary>The size of the terminal behind a descriptor.</summary>
    /// <returns>Null if it is no terminal or does not know its size.</returns>
    public static unsafe TerminalSize? Of(FileDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        TerminalNative.WindowSize size;
        // SAFETY: the call writes one struct winsize.
        if (TerminalNative.WindowSizeCall(descriptor.Number, TerminalNative.GetWindowSize, &size) != 0)
            return null;
        return size.Rows == 0 || size.Columns == 0 ? null : new TerminalSize(size.Columns, size.Rows);
    }
}
