using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Storage.Nvme;
using Ringmaster.Devices.Tests.Contract;

namespace Ringmaster.Devices.Tests.Storage.Nvme;

public sealed class NvmeQueueTests
{
    private const ulong Data = NvmeDriver.Data;

    private static readonly NvmeEntry s_read = new(0x02, 1, Data), s_wrong = new(0x7F, 1);

    [Fact]
    public void Phases_and_positions_go_round()
    {
        var driver = Ready();

        for (var i = 1; i <= 40; i++)
        {
            var result = driver.Do(1, s_read);
            Assert.Equal((0, i % NvmeDriver.Entries), (result.Status, result.Head));
        }
    }

    [Fact]
    public void Commands_complete_in_the_order_in_which_the_disk_does_them()
    {
        var driver = Ready();

        var last = driver.Submit(1, s_read, s_wrong, s_read);

        Assert.Equal((ushort)(last - 1), driver.Take(1)!.Command);
        driver.Disk.CompleteSome();
        Assert.Equal((ushort)(last - 2), driver.Take(1)!.Command);
        Assert.Equal(last, driver.Take(1)!.Command);
    }

    [Fact]
    public void A_full_completion_queue_holds_commands_back_until_there_is_room()
    {
        var driver = Ready();
        driver.Submit(1, [.. Enumerable.Repeat(s_wrong, 7)]);
        driver.Submit(1, s_wrong, s_wrong);

        for (var i = 0; i < 9; i++)
            Assert.Equal(0x001, driver.Take(1)!.Status);

        Assert.Null(driver.Peek(1));
        Assert.False(driver.IsFatal);
    }

    [Fact]
    public void Completions_of_the_disk_wait_for_room()
    {
        var driver = Ready();
        driver.Submit(1, [.. Enumerable.Repeat(s_read, 5)]);
        driver.Submit(1, [.. Enumerable.Repeat(s_read, 5)]);
        Assert.Equal(10, driver.Disk.Waiting);

        driver.Disk.CompleteSome();

        for (var i = 0; i < 10; i++)
            Assert.Equal(0, driver.Take(1)!.Status);
        Assert.Null(driver.Peek(1));
    }

    [Fact]
    public void Without_bus_mastering_no_command_is_fetched_and_no_completion_stored()
    {
        var driver = Ready();
        var first = driver.Submit(1, s_read);

        driver.IsBusMaster = false;
        driver.Disk.CompleteSome();
        var second = driver.Submit(1, s_read);
        Assert.Null(driver.Peek(1));
        Assert.Equal(0, driver.Disk.Waiting);

        driver.IsBusMaster = true;
        Assert.Equal(first, driver.Take(1)!.Command);
        driver.Disk.CompleteSome();
        Assert.Equal(second, driver.Take(1)!.Command);
    }

    [Fact]
    public void Completions_after_a_reset_are_ignored()
    {
        var driver = Ready();
        driver.Submit(1, s_read);

        driver.Write(0x14, 0);
        driver.Enable().AddQueues();
        driver.Disk.CompleteSome();

        Assert.Null(driver.Peek(1));
        Assert.Equal(0, driver.Do(1, s_read).Status);
    }

    [Theory]
    [InlineData(0x28ul)]
    [InlineData(0x30ul)]
    public void An_admin_queue_outside_memory_is_a_fatal_error(ulong register)
    {
        var driver = new NvmeDriver().Enable();
        driver.Write(0x14, 0);
        driver.Controller.Pci.Bars[0].Registers.Write(register, 8, 0xFFFF_FFFF_FFFF_F000);
        driver.Write(0x14, 0x0046_0001);

        driver.Write(0x1000, 1);

        Assert.True(driver.IsFatal);
        driver.Write(0x1000, 2);
        driver.Enable();
        driver.Write(0x14, 0);
        Assert.Equal(0, driver.Enable().Do(0, new NvmeEntry(0x06, Prp1: Data, Cdw10: 1)).Status);
    }

    [Fact]
    public void The_pin_is_up_while_completions_are_not_taken_and_not_masked()
    {
        var driver = Ready();
        Assert.False(driver.Root.Pin);

        driver.Submit(1, s_wrong, s_wrong);

        Assert.True(driver.Root.Pin);
        driver.Write(0x0C, 1);
        Assert.False(driver.Root.Pin);
        Assert.Equal(1u, driver.Read(0x10));
        driver.Write(0x10, 1);
        driver.Take(1);
        Assert.True(driver.Root.Pin);
        driver.Take(1);
        Assert.False(driver.Root.Pin);
    }

    [Fact]
    public void Messages_carry_their_queues_vector()
    {
        var driver = new NvmeDriver().Enable();
        driver.EnableMsix();
        driver.AddQueues(1, vector: 1).AddQueues(2, vector: 3);
        driver.Root.Messages.Clear();

        driver.Do(2, s_read);
        driver.Do(1, s_read);
        driver.Do(0, new NvmeEntry(0x06, Prp1: Data, Cdw10: 1));

        Assert.Equal([0xA3u, 0xA1u, 0xA0u], driver.Root.Messages);
        Assert.False(driver.Root.Pin);
        Assert.Equal(0x108, driver.CreateCompletionQueue(3, vector: 65).Status);
    }

    [Fact]
    public void So_many_commands_as_allowed_are_with_the_disk()
    {
        var wiring = new TestWiring();
        var driver = new NvmeDriver(wiring).Enable();
        // One queue of 512 entries over the same few pages: whatever is there reads as Flush of namespace 0, or is a read.
        for (var i = 0; i < 512; i++)
            driver.Store(0x8000 + (ulong)i * 64, new NvmeEntry(0x02, 1, 0x7000).ToBytes((ushort)i));
        Assert.Equal(0, driver.Do(0, new NvmeEntry(0x05, Prp1: 0x5000, Cdw10: 1 | 511 << 16, Cdw11: 1)).Status);
        Assert.Equal(0, driver.Do(0, new NvmeEntry(0x01, Prp1: 0x8000, Cdw10: 1 | 511 << 16, Cdw11: 0x1_0001)).Status);

        driver.Write(0x1008, 511);

        Assert.Equal(NvmeController.MostInFlight, driver.Disk.Waiting);
        driver.Disk.CompleteSome(100);
        Assert.Equal(NvmeController.MostInFlight, driver.Disk.Waiting);
        driver.Disk.CompleteSome();
        Assert.Equal(0, driver.Disk.Waiting);
        Assert.Equal(511, driver.Wiring.Log.Count(line => line.Contains("Read 0+512: Done", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_too_much_at_once_goes_on_from_a_timer()
    {
        var driver = new NvmeDriver().Enable();
        for (var i = 0; i < 512; i++)
            driver.Store(0x8000 + (ulong)i * 64, s_wrong.ToBytes((ushort)i));
        Assert.Equal(0, driver.Do(0, new NvmeEntry(0x05, Prp1: 0x4000, Cdw10: 1 | 1023 << 16, Cdw11: 1)).Status);
        Assert.Equal(0, driver.Do(0, new NvmeEntry(0x01, Prp1: 0x8000, Cdw10: 1 | 511 << 16, Cdw11: 0x1_0001)).Status);
        Assert.Equal(0, driver.Do(0, new NvmeEntry(0x01, Prp1: 0x8000, Cdw10: 2 | 511 << 16, Cdw11: 0x1_0001)).Status);
        driver.IsBusMaster = false;
        driver.Write(0x1008, 511);
        driver.Write(0x1010, 400);

        driver.IsBusMaster = true;

        Assert.Equal(512, Completions(driver));
        driver.Wiring.Clock.Advance(1);
        Assert.Equal(911, Completions(driver));
    }

    [Fact]
    public void Requests_in_flight_are_submitted_again_by_a_restored_controller()
    {
        var driver = Ready();
        new Random(4).NextBytes(driver.Disk.Content);
        driver.Submit(1, new NvmeEntry(0x02, 1, Data, Cdw10: 2), new NvmeEntry(0x01, 1, Data + 0x1000, Cdw12: 1u << 30));
        var saved = driver.Controller.Save();
        var wiring = new TestWiring();
        wiring.CopyMemoryOf(driver.Wiring);
        var restored = new NvmeController(wiring.Disk, wiring.Dma, wiring.Clock, "SERIAL-1");

        restored.Restore(saved);

        Assert.Equal(2, wiring.Disk.Waiting);
        wiring.Disk.CompleteSome(3);
        var read = new byte[512];
        Assert.True(wiring.Memory.TryRead(new(Data), read));
        Assert.Equal(driver.Disk.Content.AsSpan(2 * 512, 512).ToArray(), read);
        Assert.Equal(new byte[512], wiring.Disk.Content[..512]);
        Assert.EndsWith("disk Flush 0+0: Done", wiring.Log[^1], StringComparison.Ordinal);
        Assert.Equal(0u, restored.Pci.ReadConfig(PciRegister.Command, 2) & PciRegister.CommandIo);
    }

    private static NvmeDriver Ready() => new NvmeDriver().Enable().AddQueues();

    private static int Completions(NvmeDriver driver) => Enumerable.Range(0, 1024).Count(i => (driver.Bytes(0x4000 + (ulong)i * 16 + 14, 1)[0] & 1) != 0);
}
