using System.Buffers.Binary;
using System.Text;
using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Storage.Nvme;
using Ringmaster.Devices.Tests.Contract;

namespace Ringmaster.Devices.Tests.Storage.Nvme;

public sealed class NvmeInitTests
{
    [Fact]
    public void Capabilities_say_what_drivers_ask_for()
    {
        var driver = new NvmeDriver();

        var capabilities = driver.Controller.Pci.Bars[0].Registers.Read(0, 8);

        Assert.Equal(1023u, capabilities & 0xFFFF);
        Assert.Equal(1u, capabilities >> 16 & 1);
        Assert.Equal(1u, capabilities >> 37 & 0xFF);
        Assert.Equal(0u, capabilities >> 48);
        Assert.Equal(0x10400u, driver.Read(8));
        Assert.Equal(0x010802u, driver.Controller.Pci.ReadConfig(8, 4) >> 8);
    }

    [Fact]
    public void It_becomes_ready_when_enabled_and_forgets_all_but_the_admin_queue_when_disabled()
    {
        var driver = new NvmeDriver().Enable();
        Assert.Equal(1u, driver.Status);
        driver.AddQueues();

        driver.Write(0x14, 0);

        Assert.Equal(0u, driver.Status);
        Assert.Equal(0x1000u, driver.Read(0x28));
        Assert.Equal(0x2000u, driver.Read(0x30));
        driver.Enable().AddQueues();
    }

    [Theory]
    [InlineData(0x0046_0011u)] // another command set
    [InlineData(0x0046_0081u)] // larger pages
    [InlineData(0x0046_0801u)] // weighted arbitration
    public void What_is_not_offered_is_a_fatal_error_until_it_is_disabled(uint configuration)
    {
        var driver = new NvmeDriver();
        driver.Write(0x24, 0x0007_0007);

        driver.Write(0x14, configuration);

        Assert.Equal(2u, driver.Status);
        driver.Write(0x14, 0);
        Assert.Equal(0u, driver.Status);
    }

    [Fact]
    public void An_admin_queue_of_one_entry_is_a_fatal_error()
    {
        var driver = new NvmeDriver();

        driver.Write(0x14, 0x0046_0001);

        Assert.Equal(2u, driver.Status);
    }

    [Fact]
    public void Shutting_down_flushes_the_disk_first()
    {
        var driver = new NvmeDriver().Enable();

        driver.Write(0x14, 0x0046_4001);

        Assert.Equal(1u | 1 << 2, driver.Status);
        Assert.Equal(1, driver.Disk.Waiting);
        driver.Disk.CompleteSome();
        Assert.Equal(1u | 2 << 2, driver.Status);
        driver.Write(0x14, 0);
        Assert.Equal(0u, driver.Status);
    }

    [Fact]
    public void Identify_tells_of_controller_and_namespace()
    {
        var driver = new NvmeDriver().Enable();

        var controller = driver.Identify(1);
        var space = driver.Identify(0, 1);
        var list = driver.Identify(2);
        var descriptors = driver.Identify(3, 1);

        Assert.Equal("SERIAL-1            ", Encoding.ASCII.GetString(controller, 4, 20));
        Assert.Equal(7, controller[77]);
        Assert.Equal(0x10400u, BinaryPrimitives.ReadUInt32LittleEndian(controller.AsSpan(80)));
        Assert.Equal((0x66, 0x44), (controller[512], controller[513]));
        Assert.Equal(1u, BinaryPrimitives.ReadUInt32LittleEndian(controller.AsSpan(516)));
        Assert.StartsWith("nqn.2014-08.org.nvmexpress:uuid:", Encoding.ASCII.GetString(controller, 768, 256), StringComparison.Ordinal);
        Assert.Equal(64u, BinaryPrimitives.ReadUInt64LittleEndian(space));
        Assert.Equal(9, space[130]);
        Assert.Equal(0, space[99]);
        Assert.Equal((1u, 0u), (BinaryPrimitives.ReadUInt32LittleEndian(list), BinaryPrimitives.ReadUInt32LittleEndian(list.AsSpan(4))));
        Assert.Equal((3, 16, 0x80), (descriptors[0], descriptors[1], descriptors[10] & 0xF0));
    }

    [Fact]
    public void A_disk_that_cannot_be_written_says_so()
    {
        var wiring = new TestWiring();
        wiring.Disk.IsReadOnly = true;
        var driver = new NvmeDriver(wiring).Enable();

        Assert.Equal(1, driver.Identify(0, 1)[99]);
    }

    [Theory]
    [InlineData(0x00, 0u, 0x00B)]
    [InlineData(0x00, 2u, 0x00B)]
    [InlineData(0x02, 0xFFFF_FFFFu, 0x00B)]
    [InlineData(0x03, 2u, 0x00B)]
    [InlineData(0x11, 1u, 0x002)]
    public void Identify_refuses_what_there_is_not(byte structure, uint space, int status)
    {
        var driver = new NvmeDriver().Enable();

        Assert.Equal(status, driver.Do(0, new NvmeEntry(0x06, space, NvmeDriver.Data, Cdw10: structure)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("123456789012345678901")]
    [InlineData("caf\u00e9")]
    public void A_serial_number_is_short_and_printable(string serial)
    {
        var wiring = new TestWiring();

        Assert.ThrowsAny<ArgumentException>(() => new NvmeController(wiring.Disk, wiring.Dma, wiring.Clock, serial));
    }

    [Fact]
    public void Registers_can_be_read_in_any_size_and_are_written_whole()
    {
        var driver = new NvmeDriver();

        driver.Controller.Pci.Bars[0].Registers.Write(0x28, 8, 0x1_2345_6FFF);
        driver.Controller.Pci.Bars[0].Registers.Write(0x29, 1, 0xFF);
        driver.Controller.Pci.Bars[0].Registers.Write(0x2A, 4, 0xFFFF_FFFF);

        Assert.Equal(0x1_2345_6000u, driver.Controller.Pci.Bars[0].Registers.Read(0x28, 8));
        Assert.Equal(0x60u, driver.Controller.Pci.Bars[0].Registers.Read(0x29, 1));
        Assert.Equal(0x0123_4560u, driver.Controller.Pci.Bars[0].Registers.Read(0x29, 4));
        Assert.Equal(BlockRequest.SectorSize, 1 << driver.Enable().Identify(0, 1)[130]);
    }
}
