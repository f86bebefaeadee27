using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Storage.Ahci;
using Ringmaster.Devices.Storage.Ata;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Storage.Ahci;

public sealed class AhciPortTests
{
    private const ulong Data = AhciDriver.Data, Beyond = 0x10_0000;
    private const byte ReadDma = 0x25, WriteDma = 0x35, ReadPio = 0x24, Identify = 0xEC, Flush = 0xEA, ReadQueued = 0x60, WriteQueued = 0x61;

    [Fact]
    public void The_controller_says_what_it_is()
    {
        var driver = new AhciDriver();

        Assert.Equal(0x2922_8086u, driver.Controller.Pci.ReadConfig(0, 4));
        Assert.Equal((0x40u, 0x023Fu), (driver.Controller.Pci.ReadConfig(0x90, 1), driver.Controller.Pci.ReadConfig(0x92, 2)));
        Assert.Equal(0x010601u, driver.Controller.Pci.ReadConfig(8, 4) >> 8);
        Assert.Equal(0xC124_1F05u, driver.Read(0));
        Assert.Equal(0x8000_0000u, driver.Read(4));
        Assert.Equal((0x3Fu, 0x0001_0301u), (driver.Read(0x0C), driver.Read(0x10)));
    }

    [Fact]
    public void A_port_with_a_disk_has_a_link_and_a_signature()
    {
        var driver = new AhciDriver().Start();

        Assert.Equal((0x123u, 0x101u, 0x150u), (driver.ReadPort(0x28), driver.ReadPort(0x24), driver.TaskFile));
        Assert.Equal((0u, 0xFFFF_FFFFu, 0x7Fu), (driver.Read(0x128), driver.Read(0x124), driver.Read(0x120)));
        Assert.Equal((0x34, 0, 0x50, 1, 1), (driver.Frame(0x40)[0], driver.Frame(0x40)[1], driver.Frame(0x40)[2], driver.Frame(0x40)[3], driver.Frame(0x40)[4]));
        Assert.Equal(0xC011u, driver.ReadPort(0x18) & 0xC011);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var driver = new AhciDriver().Start();
        var bytes = Random(3 * 512, seed: 1);
        driver.Store(Data + 2, bytes);

        Assert.Equal(0x50, driver.Do(new AhciCommand(WriteDma, 5, 3), (Data + 2, 1000), (Data + 1002, 536)));
        Assert.Equal(3 * 512, driver.Moved());
        Assert.Equal(0x50, driver.Do(new AhciCommand(ReadDma, 5, 3), (Data + 0x4000, 512), (Data + 0x2000, 4096)));

        Assert.Equal(bytes, driver.Disk.Content.AsSpan(5 * 512, 3 * 512).ToArray());
        Assert.Equal(bytes, driver.Bytes(Data + 0x4000, 512).Concat(driver.Bytes(Data + 0x2000, 1024)));
        Assert.Equal((0u, 1u), (driver.Issued, driver.Interrupts));
        Assert.Equal((0x34, 0x40, 0x50), (driver.Frame(0x40)[0], driver.Frame(0x40)[1], driver.Frame(0x40)[2]));
    }

    [Fact]
    public void Data_by_pio_is_announced_by_a_frame()
    {
        var driver = new AhciDriver().Start();
        driver.Disk.Content = Random(64 * 512, seed: 2);

        Assert.Equal(0x50, driver.Do(new AhciCommand(ReadPio, 1, 2), (Data, 1024)));

        Assert.Equal(driver.Disk.Content.AsSpan(512, 1024).ToArray(), driver.Bytes(Data, 1024));
        Assert.Equal(2u, driver.Interrupts);
        var frame = driver.Frame(0x20);
        Assert.Equal((0x5F, 0x60, 0x58, 0x50, 2), (frame[0], frame[1], frame[2], frame[15], frame[17]));
        Assert.Equal(1024, driver.Moved());
    }

    [Fact]
    public void One_command_that_is_not_queued_is_carried_out_after_the_other()
    {
        var driver = new AhciDriver().Start();
        driver.Prepare(3, new AhciCommand(ReadDma, 0, 1), (Data, 512));
        driver.Prepare(7, new AhciCommand(Flush));

        driver.WritePort(0x38, 1 << 3 | 1 << 7);

        Assert.Equal((1, 0xD0u, 0x88u), (driver.Disk.Waiting, driver.TaskFile, driver.Issued));
        driver.Disk.CompleteSome(1);
        Assert.Equal((1, 0x80u), (driver.Disk.Waiting, driver.Issued));
        driver.Disk.CompleteSome(1);
        Assert.Equal((0, 0u, 0x50u), (driver.Disk.Waiting, driver.Issued, driver.TaskFile));
    }

    [Fact]
    public void Queued_commands_go_to_the_disk_together()
    {
        var driver = new AhciDriver().Start();
        driver.Disk.Content = Random(64 * 512, seed: 3);
        driver.Store(Data + 0x1000, Random(512, seed: 4));
        driver.Prepare(1, AhciCommand.Queued(ReadQueued, 1, 8, 2), (Data, 1024));
        driver.Prepare(4, AhciCommand.Queued(WriteQueued, 4, 20, 1), (Data + 0x1000, 512));

        driver.IssueQueued(1 << 1 | 1 << 4);

        Assert.Equal((2, 0u, 0x12u, 0x50u), (driver.Disk.Waiting, driver.Issued, driver.Active, driver.TaskFile));
        Assert.Equal(0u, driver.Interrupts & 8);
        driver.Disk.CompleteSome(1);
        Assert.Equal((0x10u, 8u), (driver.Active, driver.Interrupts & 8));
        Assert.Equal((0xA1, 0x40, 0x50, 2), (driver.Frame(0x58)[0], driver.Frame(0x58)[1], driver.Frame(0x58)[2], driver.Frame(0x58)[4]));
        driver.Disk.CompleteSome(1);
        Assert.Equal(0u, driver.Active);
        Assert.Equal(driver.Disk.Content.AsSpan(8 * 512, 1024).ToArray(), driver.Bytes(Data, 1024));
        Assert.Equal(driver.Bytes(Data + 0x1000, 512), driver.Disk.Content.AsSpan(20 * 512, 512).ToArray());
    }

    [Fact]
    public void A_failed_queued_command_ends_all_and_a_log_tells_which_it_was()
    {
        var driver = new AhciDriver().Start();
        driver.Prepare(1, AhciCommand.Queued(ReadQueued, 1, 8, 2), (Data, 1024));
        driver.Prepare(4, AhciCommand.Queued(ReadQueued, 4, 20, 1), (Data, 512));
        driver.IssueQueued(1 << 1 | 1 << 4);
        driver.Disk.Outcome = Devices.Storage.BlockStatus.Failed;

        driver.Disk.CompleteSome();

        Assert.Equal(AhciDriver.TaskFileError, driver.Interrupts & AhciDriver.TaskFileError);
        Assert.Equal((0x12u, 0x4051u), (driver.Active, driver.TaskFile));
        driver.Restart();
        Assert.Equal((0u, 0u), (driver.Active, driver.Issued));
        Assert.Equal(0x50, driver.Do(new AhciCommand(0x2F, 0x10, 1), (Data, 512)));
        var log = driver.Bytes(Data, 512);
        Assert.Equal((1, 0x51, 0x40, 8, 2), (log[0], log[2], log[3], log[4], log[12]));
        Assert.Equal(0, log.Sum(value => value) & 0xFF);
        Assert.Equal(0x50, driver.Do(new AhciCommand(0x2F, 0x10, 1), (Data, 512)));
        Assert.Equal(0x80, driver.Bytes(Data, 1)[0]);
    }

    [Fact]
    public void After_an_error_nothing_goes_on_until_the_port_is_stopped()
    {
        var driver = new AhciDriver().Start();
        driver.Prepare(1, new AhciCommand(ReadDma, 0, 1), (Data, 512));
        driver.Prepare(0, new AhciCommand(ReadDma, 64, 1), (Data, 512));

        driver.WritePort(0x38, 3);

        Assert.Equal((0x1051u, 3u, 0), (driver.TaskFile, driver.Issued, driver.Disk.Waiting));
        Assert.Equal(AhciDriver.TaskFileError | 1, driver.Interrupts & ~0x0040_0040u);
        driver.Restart();
        Assert.Equal(0x50, driver.Do(new AhciCommand(ReadDma, 63, 1), (Data, 512)));
    }

    [Theory]
    [InlineData(Beyond, 512, AhciDriver.HostBusData)]
    [InlineData(0xFFFF_FFFF_FFFF_FFF0ul, 512, AhciDriver.HostBusData)]
    [InlineData(0xFF00ul, 512, AhciDriver.HostBusData)]
    [InlineData(Data, 256, AhciDriver.Overflow)]
    public void Bad_regions_are_errors(ulong start, int length, uint interrupt)
    {
        var driver = new AhciDriver().Start();

        foreach (var command in new[] { new AhciCommand(ReadDma, 0, 1), new AhciCommand(WriteDma, 0, 1), new AhciCommand(Identify) })
        {
            driver.Do(command, (start, length));
            Assert.Equal(interrupt, driver.Interrupts & interrupt);
            driver.Restart();
        }

        Assert.Equal(0x50, driver.Do(new AhciCommand(Identify), (Data, 512)));
    }

    [Fact]
    public void Structures_outside_memory_are_errors()
    {
        var driver = new AhciDriver().Start();
        driver.WritePort(0x00, (uint)Beyond);
        driver.WritePort(0x38, 1);
        Assert.NotEqual(0u, driver.Interrupts & AhciDriver.HostBusFatal);

        driver.WritePort(0x00, (uint)AhciDriver.List);
        driver.Restart();
        driver.WritePort(0x08, (uint)Beyond);
        driver.Do(new AhciCommand(Identify), (Data, 512));
        Assert.NotEqual(0u, driver.Interrupts & AhciDriver.HostBusFatal);

        driver.WritePort(0x08, (uint)AhciDriver.Frames);
        driver.Restart();
        driver.Prepare(0, new AhciCommand(Identify), (Data, 512));
        driver.Store(AhciDriver.Tables, [0x46]);
        driver.WritePort(0x38, 1);
        Assert.NotEqual(0u, driver.Interrupts & AhciDriver.InterfaceFatal);
    }

    [Fact]
    public void The_disk_can_be_reset_by_the_link_and_by_software()
    {
        var driver = new AhciDriver().Start();
        driver.WritePort(0x18, 0x10);
        driver.WritePort(0x2C, 0x301);
        Assert.Equal((1u, 0x80u), (driver.ReadPort(0x28), driver.TaskFile));
        driver.WritePort(0x2C, 0x300);
        Assert.Equal((0x123u, 0x150u, 1u << 6), (driver.ReadPort(0x28), driver.TaskFile, driver.Interrupts & 1 << 6));
        driver.WritePort(0x30, 0xFFFF_FFFF);
        Assert.Equal(0u, driver.Interrupts & 1 << 6);
        driver.WritePort(0x18, 0x11);

        Assert.Equal(0x50, driver.Do(new AhciCommand(0xEF, Features: 0x82)));
        Control(driver, 4);
        Control(driver, 0);

        Assert.Equal((0u, 0x150u, 0x101u), (driver.Issued, driver.TaskFile, driver.ReadPort(0x24)));
        driver.Do(new AhciCommand(Identify), (Data, 512));
        Assert.Equal(0, driver.Bytes(Data + 170, 1)[0] & 0x20);
        driver.WritePort(0x2C, 0x301);
        driver.WritePort(0x2C, 0x300);
        driver.Do(new AhciCommand(Identify), (Data, 512));
        Assert.Equal(0x20, driver.Bytes(Data + 170, 1)[0] & 0x20);
    }

    [Fact]
    public void Pin_and_message_tell_of_interrupts()
    {
        var driver = new AhciDriver().Start();
        driver.Do(new AhciCommand(Flush));
        Assert.True(driver.Root.Pin);
        driver.Write(8, 0xFFFF_FFFF);
        Assert.True(driver.Root.Pin);
        driver.ClearInterrupts();
        Assert.False(driver.Root.Pin);

        var msi = RecordingPciRoot.CapabilityOf(driver.Controller.Pci, 5);
        driver.Controller.Pci.WriteConfig(msi + 12, 2, 0x51);
        driver.Controller.Pci.WriteConfig(msi + 2, 2, 1);
        driver.Do(new AhciCommand(Flush));
        Assert.Equal([0x51u], driver.Root.Messages);
        Assert.False(driver.Root.Pin);
        driver.Write(8, 0xFFFF_FFFF);
        Assert.Equal(2, driver.Root.Messages.Count);
    }

    [Fact]
    public void Without_bus_mastering_commands_wait()
    {
        var driver = new AhciDriver().Start();
        driver.Prepare(0, new AhciCommand(ReadDma, 0, 1), (Data, 512));
        driver.WritePort(0x38, 1);

        driver.IsBusMaster = false;
        driver.Disk.CompleteSome();
        Assert.Equal(1u, driver.Issued);

        driver.IsBusMaster = true;
        driver.Disk.CompleteSome();
        Assert.Equal((0u, 0x50u), (driver.Issued, driver.TaskFile));
    }

    [Fact]
    public void The_frame_after_a_reset_waits_for_bus_mastering()
    {
        var driver = new AhciDriver { IsBusMaster = false };
        driver.Start();
        Assert.Equal(0, driver.Frame(0x40)[0]);

        driver.IsBusMaster = true;

        Assert.Equal(0x34, driver.Frame(0x40)[0]);
    }

    [Fact]
    public void Completions_after_a_reset_are_ignored()
    {
        var driver = new AhciDriver().Start();
        driver.Prepare(0, new AhciCommand(ReadDma, 0, 1), (Data, 512));
        driver.WritePort(0x38, 1);

        driver.Write(4, 1);
        driver.Disk.CompleteSome();

        Assert.Equal((0u, 0x150u, 0u, (uint)AhciDriver.List), (driver.Issued, driver.TaskFile, driver.Interrupts, driver.ReadPort(0)));
        Assert.Equal(0x50, driver.Start().Do(new AhciCommand(ReadDma, 0, 1), (Data, 512)));
    }

    [Fact]
    public void Requests_in_flight_are_submitted_again_by_a_restored_controller()
    {
        var driver = new AhciDriver().Start();
        driver.Disk.Content = Random(64 * 512, seed: 5);
        driver.Prepare(2, AhciCommand.Queued(ReadQueued, 2, 9, 1), (Data, 512));
        driver.IssueQueued(1 << 2);
        var saved = driver.Controller.Save();
        var restored = new AhciDriver();
        restored.Wiring.CopyMemoryOf(driver.Wiring);

        restored.Controller.Restore(saved);

        Assert.Equal((1, 4u), (restored.Disk.Waiting, restored.Active));
        restored.Disk.CompleteSome();
        Assert.Equal((0u, 8u), (restored.Active, restored.Interrupts & 8));
        Assert.Equal(driver.Disk.Content.AsSpan(9 * 512, 512).ToArray(), restored.Bytes(Data, 512));
    }

    [Fact]
    public void Commands_of_a_kind_do_not_mix_with_queued_ones()
    {
        var driver = new AhciDriver().Start();
        driver.Prepare(1, AhciCommand.Queued(ReadQueued, 1, 8, 2), (Data, 1024));
        driver.Prepare(2, new AhciCommand(Flush));
        driver.IssueQueued(1 << 1);

        driver.WritePort(0x38, 1 << 2);

        Assert.Equal((0x0451u, AhciDriver.TaskFileError), (driver.TaskFile, driver.Interrupts & AhciDriver.TaskFileError));
        driver.Disk.CompleteSome();
        Assert.Equal(2u, driver.Active);
    }

    [Fact]
    public void Commands_that_scatter_widely_wait_for_each_other()
    {
        const int slots = 12, regions = 1024;
        const ulong tables = 0x2_0000, tableSize = 0x8000;
        var wiring = new TestWiring();
        using var memory = GuestMemory.Create([new RamRange(new(0), 0x10_0000)]);
        var controller = new AhciController([new AtaDisk(wiring.Disk, new AtaModel("1", "Disk"))], new DmaSpace(memory));
        controller.Pci.WriteConfig(4, 2, 6);
        for (var slot = 0; slot < slots; slot++)
        {
            var table = tables + (ulong)slot * tableSize;
            byte[] header = [5, 0, .. BitConverter.GetBytes((ushort)regions), 0, 0, 0, 0, .. BitConverter.GetBytes(table)];
            Assert.True(memory.TryWrite(new(AhciDriver.List + (ulong)slot * 32), header));
            Assert.True(memory.TryWrite(new(table), AhciCommand.Queued(ReadQueued, slot, 0, 4).ToFrame()));
            for (ulong i = 0; i < regions; i++)
            {
                byte[] region = [.. BitConverter.GetBytes(0x8000 + i * 4), 0, 0, 0, 0, 1, 0, 0, 0];
                Assert.True(memory.TryWrite(new(table + 0x80 + i * 16), region));
            }
        }
        controller.Pci.Bars[0].Registers.Write(0x100, 8, AhciDriver.List);
        controller.Pci.Bars[0].Registers.Write(0x108, 8, AhciDriver.Frames);
        controller.Pci.Bars[0].Registers.Write(0x118, 4, 0x11);

        controller.Pci.Bars[0].Registers.Write(0x134, 4, (1 << slots) - 1);
        controller.Pci.Bars[0].Registers.Write(0x138, 4, (1 << slots) - 1);

        Assert.Equal(8, wiring.Disk.Waiting);
        wiring.Disk.CompleteSome(1);
        Assert.Equal(8, wiring.Disk.Waiting);
        wiring.Disk.CompleteSome(slots);
        Assert.Equal((0ul, 0), (controller.Pci.Bars[0].Registers.Read(0x134, 4), wiring.Disk.Waiting));
    }

    [Fact]
    public void Ports_are_six_and_a_device_hangs_on_one()
    {
        var wiring = new TestWiring();
        var disk = new AtaDisk(wiring.Disk, new AtaModel("1", "Disk"));

        Assert.Throws<ArgumentException>(() => new AhciController(new AtaDevice?[7], wiring.Dma));
        Assert.Throws<InvalidOperationException>(() => new AhciController([disk, disk], wiring.Dma));
    }

    private static void Control(AhciDriver driver, byte value)
    {
        driver.Prepare(0, default);
        var frame = new byte[20];
        (frame[0], frame[15]) = (0x27, value);
        driver.Store(AhciDriver.Tables, frame);
        driver.WritePort(0x38, 1);
    }

    private static byte[] Random(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
