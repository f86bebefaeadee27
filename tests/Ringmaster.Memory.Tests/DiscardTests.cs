namespace Ringmaster.Memory.Tests;

public sealed class DiscardTests
{
    private static readonly RamRange[] s_ram = [new(new GuestPhysicalAddress(0x1000), 0x8000)];

    [Theory]
    [InlineData(0x2000, 0x2000, 0x2000, 0x4000)]
    [InlineData(0x2001, 0x2000, 0x3000, 0x4000)]
    [InlineData(0x2800, 0x0FFF, 0, 0)]
    [InlineData(0x1000, 0x8000, 0x1000, 0x9000)]
    [InlineData(0x1000, 0x8001, 0, 0)]
    [InlineData(0x0000, 0x2000, 0, 0)]
    [InlineData(0x2000, 0, 0, 0)]
    public void Whole_pages_of_RAM_are_zero_afterwards_and_nothing_else(ulong address, ulong length, ulong start, ulong end)
    {
        using var memory = GuestMemory.Create(s_ram);
        memory.Window(new GuestPhysicalAddress(0x1000), 0x8000).Fill(0xAA);
        var written = new List<(ulong, ulong)>();
        memory.Watch.DeviceHasWritten += (at, bytes) => written.Add((at.Value, bytes));

        var given = memory.Discard(new GuestPhysicalAddress(address), length);

        Assert.Equal(end - start, given);
        Assert.Equal(end > start ? [(start, end - start)] : [], written);
        for (ulong page = 0x1000; page < 0x9000; page += 0x1000)
        {
            var expected = page >= start && page < end ? (byte)0 : (byte)0xAA;
            Assert.False(memory.Window(new GuestPhysicalAddress(page), 0x1000).ContainsAnyExcept(expected));
        }
    }
}
