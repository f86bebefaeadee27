using System.Buffers;

namespace Ringmaster.Memory;

/// <summary>Some of a guest's RAM as what the runtime's own input and output take.</summary>
/// <param name="start">The first byte; mapped as long as the view is used.</param>
/// <param name="length">Bytes.</param>
internal sealed unsafe class RamView(byte* start, int length) : MemoryManager<byte>
{
    // SAFETY: whoever makes a view has checked that its bytes lie in one mapped range, and ends its use before the memory's.
    public override Span<byte> GetSpan() => new(start, length);

    /// <summary>It lies outside the collected heap and never moves.</summary>
    public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
