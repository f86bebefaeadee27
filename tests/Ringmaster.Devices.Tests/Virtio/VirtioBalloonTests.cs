using System.Runtime.InteropServices;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Tests.Virtio.Rings;
using Ringmaster.Devices.Virtio.Balloon;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio;

public sealed class VirtioBalloonTests
{
    private const int Inflate = 0, Deflate = 1, Statistics = 2;
    private const ulong ReportingFeature = 1 << 5;

    private static readonly RamRange[] s_ram = [new(new GuestPhysicalAddress(0), 0x40_0000)];

    [Fact]
    public void Pages_that_are_given_up_are_zero_and_others_are_as_they_were()
    {
        using var memory = Filled();
        var guest = Driver(memory, out var balloon);

        balloon.Target = 3 * 4096 + 100;
        Assert.Equal(3UL, guest.ReadConfig(0, 4));
        Assert.Equal(2, guest.TakeInterrupts() & 2);
        Give(guest, memory, Inflate, 0x300, 0x301, 0x305, 0xFFFF_FFFF, 0x400);
        guest.WriteConfig(4, 4, 3);
        Give(guest, memory, Deflate, 0x300);

        Assert.Equal([0x300UL, 0x301, 0x305], ZeroPages(memory));
        Assert.Equal(3UL * 4096, balloon.Actual);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Pages_that_are_reported_are_given_back(int queue)
    {
        using var memory = Filled();
        var guest = Driver(memory, out _);
        var ring = new SplitDriverRing(memory, 64, 0x4000UL * (ulong)(queue + 4), false);
        guest.Enable(queue, ring);

        ring.Add([new DriverBuffer(0x30_0000, 0x2000, true), new DriverBuffer(0x30_8800, 0x1800, true), new DriverBuffer(1UL << 40, 4096, true)], null);
        guest.Notify(queue);

        Assert.Equal([0x300UL, 0x301, 0x309], ZeroPages(memory));
        Assert.NotNull(ring.Take());
    }

    [Fact]
    public void Pages_are_not_taken_by_reports_that_were_not_agreed_on()
    {
        using var memory = Filled();
        var guest = Driver(memory, out _, ~ReportingFeature);
        var ring = new SplitDriverRing(memory, 64, 0x2_0000, false);
        guest.Enable(3, ring);

        ring.Add([new DriverBuffer(0x30_0000, 0x2000, true)], null);
        guest.Notify(3);

        Assert.Empty(ZeroPages(memory));
    }

    [Fact]
    public void Statistics_come_when_they_are_asked_for_also_after_a_restore()
    {
        using var memory = Filled();
        var guest = Driver(memory, out var balloon);
        var ring = new SplitDriverRing(memory, 64, 0x2_0000, false);
        guest.Enable(Statistics, ring);
        Tell(1000);
        Assert.Equal(1000UL, balloon.LastStatistics[MemoryStatistic.Free]);
        Assert.Null(ring.Take());

        var next = new VirtioBalloon(new DmaSpace(memory));
        guest = guest.MoveTo(next);
        next.AskForStatistics();
        Assert.NotNull(ring.Take());
        Tell(500);

        Assert.Equal(500UL, next.LastStatistics[MemoryStatistic.Free]);

        void Tell(ulong free)
        {
            memory.TryWrite(new GuestPhysicalAddress(0x3_0000), (byte[])[4, 0, .. BitConverter.GetBytes(free), 5, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
            ring.Add([new DriverBuffer(0x3_0000, 20, false)], null);
            guest.Notify(Statistics);
        }
    }

    private static GuestMemory Filled()
    {
        var memory = GuestMemory.Create(s_ram);
        memory.Window(new GuestPhysicalAddress(0x30_0000), 0x10_0000).Fill(0xAA);
        return memory;
    }

    private static VirtioBoard Driver(GuestMemory memory, out VirtioBalloon balloon, ulong features = ulong.MaxValue)
    {
        balloon = new VirtioBalloon(new DmaSpace(memory));
        var board = new VirtioBoard(balloon, memory: memory);
        board.Negotiate(features & ~VirtioBoard.Packed & ~VirtioBoard.Event);
        board.Ready();
        return board;
    }

    private static void Give(VirtioBoard guest, GuestMemory memory, int queue, params uint[] pages)
    {
        var ring = new SplitDriverRing(memory, 64, 0x4000UL * (ulong)(queue + 1), false);
        guest.Enable(queue, ring);
        memory.TryWrite(new GuestPhysicalAddress(0x3_0000), MemoryMarshal.AsBytes(pages.AsSpan()));
        ring.Add([new DriverBuffer(0x3_0000, (uint)pages.Length * 4, false)], null);
        guest.Notify(queue);
        Assert.NotNull(ring.Take());
    }

    private static IEnumerable<ulong> ZeroPages(GuestMemory memory) =>
        Enumerable.Range(0x300, 0x100).Select(p => (ulong)p).Where(p => !memory.Window(new GuestPhysicalAddress(p << 12), 4096).ContainsAnyExcept((byte)0));
}
