using Ringmaster.Devices.Flash;

namespace Ringmaster.Backends.Flash;

/// <summary>A flash memory's content that nobody keeps: it begins as given, and what is written is gone at the end.</summary>
/// <param name="content">What it holds at first.</param>
public sealed class LostFlash(ReadOnlyMemory<byte> content) : IFlashBackend
{
    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Content { get; } = content;

    /// <inheritdoc/>
    public void Write(int offset, ReadOnlySpan<byte> bytes)
    {
    }
}
