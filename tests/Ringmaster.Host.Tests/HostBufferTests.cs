namespace Ringmaster.Host.Tests;

public sealed class HostBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(5_000_001)]
    public void All_of_it_can_be_written_and_is_zero_at_first(int length)
    {
        using var buffer = new HostBuffer(length);
        var memory = ((System.Buffers.IMemoryOwner<byte>)buffer).Memory;

        Assert.Equal(length, memory.Length);
        Assert.Equal(-1, memory.Span.IndexOfAnyExcept((byte)0));
        memory.Span.Fill(7);
        Assert.Equal(-1, memory.Span.IndexOfAnyExcept((byte)7));
    }

    [Fact]
    public unsafe void It_stays_where_it_is()
    {
        using var buffer = new HostBuffer(10_000);
        using var first = buffer.Memory[5000..].Pin();
        using var second = buffer.Pin(5000);

        Assert.Equal((nint)first.Pointer, (nint)second.Pointer);
    }

    [Fact]
    public void Afterwards_it_is_gone()
    {
        var buffer = new HostBuffer(10);
        var memory = buffer.Memory;
        ((IDisposable)buffer).Dispose();

        Assert.Throws<ObjectDisposedException>(() => memory.Span.Clear());
    }
}
