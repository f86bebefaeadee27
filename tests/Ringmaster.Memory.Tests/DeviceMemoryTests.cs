namespace Ringmaster.Memory.Tests;

/// <summary>Memory of a device's that is shown at an address.</summary>
public sealed class DeviceMemoryTests : IDisposable
{
    private const ulong Mib = 1 << 20;

    private static readonly GuestPhysicalAddress s_reach = new(64 * Mib), s_there = new(16 * Mib), s_elsewhere = new(32 * Mib);

    private readonly GuestMemory _memory = GuestMemory.Create(
        [new(new(0), 2 * Mib)], [new RomImage(new(4 * Mib), new byte[4096])], s_reach);

    private readonly DeviceMemory _device = new((int)Mib);

    [Fact]
    public void The_guest_and_the_device_see_the_same_bytes()
    {
        _device.GetSpan()[5] = 0x55;
        _memory.Show(_device, s_there);

        Span<byte> bytes = stackalloc byte[8];
        Assert.True(_memory.TryLoad(s_there, bytes));
        Assert.Equal(0x55, bytes[5]);
        Assert.Equal(new RamRange(s_there, Mib), _memory.RangeOf(s_there + 17));
        Assert.True(_memory.IsStorable(s_there + (Mib - 8), 8));
        Assert.False(_memory.IsStorable(s_there + (Mib - 7), 8));
    }

    [Fact]
    public void It_is_no_RAM_for_anybody_else()
    {
        _memory.Show(_device, s_there);

        Assert.False(_memory.IsRam(s_there));
        Assert.False(_memory.IsReadable(s_there, 1));
        Assert.False(_memory.TryRead(s_there, new byte[8]));
        Assert.False(_memory.TryWrite(s_there, new byte[8]));
        Assert.True(_memory.Map(s_there, 8).IsEmpty);
        Assert.Equal(0UL, _memory.Discard(s_there, Mib));
        Assert.Equal(2 * Mib, _memory.Size);
    }

    [Fact]
    public void It_moves_with_its_content_and_leaves_nothing_behind()
    {
        _memory.Show(_device, s_there);
        _device.GetSpan()[0] = 1;

        _memory.Show(_device, s_elsewhere);

        Assert.False(_memory.IsLoadable(s_there, 1));
        Assert.Null(_memory.RangeOf(s_there));
        Span<byte> bytes = stackalloc byte[1];
        Assert.True(_memory.TryLoad(s_elsewhere, bytes));
        Assert.Equal(1, bytes[0]);
        _memory.Show(_device, null);
        Assert.False(_memory.IsLoadable(s_elsewhere, 1));
        Assert.Equal(1, _device.GetSpan()[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Mib)]
    [InlineData(4 * Mib - 4096)]
    [InlineData(16 * Mib + 1)]
    [InlineData(64 * Mib - 4096)]
    [InlineData(64 * Mib)]
    [InlineData(ulong.MaxValue - 4095)]
    public void It_is_not_shown_where_there_is_no_room(ulong address)
    {
        Assert.False(_memory.CanShow(new RamRange(new(address), _device.Length)));
        Assert.Throws<ArgumentException>(() => _memory.Show(_device, new(address)));
    }

    [Fact]
    public void One_device_is_shown_at_a_time()
    {
        using System.Buffers.IMemoryOwner<byte> owner = new DeviceMemory(4096);
        _memory.Show(_device, s_there);

        Assert.Throws<ArgumentException>(() => _memory.Show((DeviceMemory)owner, s_elsewhere));
    }

    public void Dispose()
    {
        _memory.Dispose();
        ((IDisposable)_device).Dispose();
    }
}
