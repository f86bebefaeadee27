namespace Ringmaster.Devices.Display.Vga;

/// <summary>Video memory. The guest's other processors may change it at any time.</summary>
/// <param name="bytes">A power of two.</param>
internal sealed class VideoMemory(Memory<byte> bytes)
{
    internal int Length => bytes.Length;

    internal ref byte this[int index] => ref bytes.Span[index];

    internal Span<byte> AsSpan() => bytes.Span;

    internal Span<byte> AsSpan(int start) => bytes.Span[start..];

    internal Span<byte> AsSpan(int start, int length) => bytes.Span.Slice(start, length);
}
