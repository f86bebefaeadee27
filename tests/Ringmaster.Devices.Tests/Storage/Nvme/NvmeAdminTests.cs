using System.Buffers.Binary;

namespace Ringmaster.Devices.Tests.Storage.Nvme;

public sealed class NvmeAdminTests
{
    private const byte CreateSubmission = 0x01, LogPage = 0x02, CreateCompletion = 0x05, Abort = 0x08, SetFeatures = 0x09, GetFeatures = 0x0A, EventRequest = 0x0C;
    private const ulong Data = NvmeDriver.Data;

    [Theory]
    [InlineData(CreateCompletion, 0u, 7u, 1u, 0x101)] // number 0
    [InlineData(CreateCompletion, 1u, 7u, 1u, 0x101)] // in use
    [InlineData(CreateCompletion, 65u, 7u, 1u, 0x101)]
    [InlineData(CreateCompletion, 2u, 0u, 1u, 0x102)] // one entry
    [InlineData(CreateCompletion, 2u, 1024u, 1u, 0x102)]
    [InlineData(CreateCompletion, 2u, 7u, 0u, 0x002)] // not contiguous
    [InlineData(CreateCompletion, 2u, 7u, 0x1_0001u, 0x108)] // a vector without MSI-X
    [InlineData(CreateSubmission, 0u, 7u, 0x1_0001u, 0x101)]
    [InlineData(CreateSubmission, 1u, 7u, 0x1_0001u, 0x101)]
    [InlineData(CreateSubmission, 2u, 7u, 0x0_0001u, 0x101)] // the admin completion queue
    [InlineData(CreateSubmission, 2u, 7u, 0x3_0001u, 0x100)] // none there
    [InlineData(CreateSubmission, 2u, 0u, 0x1_0001u, 0x102)]
    [InlineData(CreateSubmission, 2u, 7u, 0x1_0000u, 0x002)]
    public void Queues_that_cannot_be_made_are_refused(byte opcode, uint number, uint size, uint cdw11, int status)
    {
        var driver = new NvmeDriver().Enable().AddQueues();

        Assert.Equal(status, driver.Do(0, new NvmeEntry(opcode, Prp1: 0x5000, Cdw10: number | size << 16, Cdw11: cdw11)).Status);
        Assert.Equal(0x013, driver.Do(0, new NvmeEntry(opcode, Prp1: 0x5008, Cdw10: 2 | 7 << 16, Cdw11: opcode == CreateCompletion ? 1u : 0x1_0001u)).Status);
    }

    [Fact]
    public void A_completion_queue_goes_after_the_queues_that_use_it()
    {
        var driver = new NvmeDriver().Enable().AddQueues();

        Assert.Equal(0x10C, driver.Do(0, new NvmeEntry(0x04, Cdw10: 1)).Status);
        Assert.Equal(0, driver.Do(0, new NvmeEntry(0x00, Cdw10: 1)).Status);
        Assert.Equal(0, driver.Do(0, new NvmeEntry(0x04, Cdw10: 1)).Status);
        Assert.Equal(0x101, driver.Do(0, new NvmeEntry(0x00, Cdw10: 1)).Status);
        Assert.Equal(0x101, driver.Do(0, new NvmeEntry(0x04, Cdw10: 1)).Status);
        driver.AddQueues();
    }

    [Fact]
    public void Commands_of_a_deleted_queue_are_aborted()
    {
        var driver = new NvmeDriver().Enable().AddQueues();
        var id = driver.Submit(1, new NvmeEntry(0x02, 1, Data));

        driver.Submit(0, new NvmeEntry(0x00, Cdw10: 1));

        Assert.Equal((id, 0x008), (driver.Peek(1)!.Command, driver.Take(1)!.Status));
        Assert.Equal(0, driver.Take(0)!.Status);
        driver.Disk.CompleteSome();
        Assert.Null(driver.Peek(1));
    }

    [Fact]
    public void The_number_of_queues_is_agreed_before_there_are_any()
    {
        var driver = new NvmeDriver().Enable();

        Assert.Equal(0x003F_003Fu, driver.Do(0, new NvmeEntry(SetFeatures, Cdw10: 7, Cdw11: 0x00FF_00FF)).Result);
        Assert.Equal(0x0000_0001u, driver.Do(0, new NvmeEntry(SetFeatures, Cdw10: 7, Cdw11: 0x0000_0001)).Result);
        Assert.Equal(0x0000_0001u, driver.Do(0, new NvmeEntry(GetFeatures, Cdw10: 7)).Result);
        Assert.Equal(0x002, driver.Do(0, new NvmeEntry(SetFeatures, Cdw10: 7, Cdw11: 0xFFFF)).Status);
        Assert.Equal(0x101, driver.CreateCompletionQueue(2).Status);
        driver.AddQueues();
        Assert.Equal(0x00C, driver.Do(0, new NvmeEntry(SetFeatures, Cdw10: 7, Cdw11: 0)).Status);
    }

    [Theory]
    [InlineData(0x01, 0x0A0B_0C03u, 0x0A0B_0C03u)]
    [InlineData(0x02, 0u, 0u)]
    [InlineData(0x04, 0x0000_0150u, 0x150u)]
    [InlineData(0x05, 0x1234u, 0x1234u)]
    [InlineData(0x06, 0u, 0u)]
    [InlineData(0x08, 0x0307u, 0x0307u)]
    [InlineData(0x0A, 1u, 1u)]
    [InlineData(0x0B, 0xFFFFu, 0xFFu)]
    public void Features_are_what_they_are_set_to(byte feature, uint set, uint got)
    {
        var driver = new NvmeDriver().Enable();

        Assert.Equal(0, driver.Do(0, new NvmeEntry(SetFeatures, Cdw10: feature, Cdw11: set)).Status);

        var result = driver.Do(0, new NvmeEntry(GetFeatures, Cdw10: feature));
        Assert.Equal((0, got), (result.Status, result.Result));
    }

    [Theory]
    [InlineData(0x02u, 1u, 0u, 0x002)] // a power state that there is not
    [InlineData(0x03u, 0u, 0u, 0x002)]
    [InlineData(0x04u, 0x1_0000u, 0u, 0x002)] // a sensor that there is not
    [InlineData(0x05u, 0x1_0000u, 0u, 0x002)]
    [InlineData(0x09u, 65u, 0u, 0x002)]
    [InlineData(0x06u, 0u, 1u, 0x10F)]
    [InlineData(0x8000_0006u, 0u, 0u, 0x10D)]
    public void Features_that_there_are_not_are_refused(uint feature, uint value, uint space, int status)
    {
        var driver = new NvmeDriver().Enable();

        Assert.Equal(status, driver.Do(0, new NvmeEntry(SetFeatures, space, Cdw10: feature, Cdw11: value)).Status);
    }

    [Fact]
    public void The_vector_configuration_is_kept_for_each_vector()
    {
        var driver = new NvmeDriver().Enable();

        driver.Do(0, new NvmeEntry(SetFeatures, Cdw10: 9, Cdw11: 0x1_0003));

        Assert.Equal(0x1_0003u, driver.Do(0, new NvmeEntry(GetFeatures, Cdw10: 9, Cdw11: 3)).Result);
        Assert.Equal(0x4u, driver.Do(0, new NvmeEntry(GetFeatures, Cdw10: 9, Cdw11: 4)).Result);
    }

    [Fact]
    public void The_health_log_counts()
    {
        var driver = new NvmeDriver().Enable().AddQueues();
        driver.Do(1, new NvmeEntry(0x01, 1, Data));
        driver.Do(1, new NvmeEntry(0x02, 1, Data));
        driver.Do(1, new NvmeEntry(0x02, 1, Data, Cdw10: 64));
        driver.Wiring.Clock.Advance(7_200_000_000_000);

        var log = driver.LogPage(2, 512);

        ulong[] counted = [Number(log, 32), Number(log, 48), Number(log, 64), Number(log, 80), Number(log, 128), Number(log, 176)];
        Assert.Equal([1, 1, 1, 1, 2, 1], counted);
        Assert.Equal((0, 298), (log[0], BinaryPrimitives.ReadUInt16LittleEndian(log.AsSpan(1))));
    }

    [Fact]
    public void Log_pages_tell_of_firmware_and_commands()
    {
        var driver = new NvmeDriver().Enable();

        Assert.Equal((1, (byte)'1'), (driver.LogPage(3, 512)[0], driver.LogPage(3, 512)[8]));
        var effects = driver.LogPage(5, 4096);
        Assert.Equal((1, 0, 3, 1), (effects[4 * 6], effects[4 * 3], effects[1024 + 4], effects[1024 + 8]));
    }

    [Theory]
    [InlineData(0x04, 0u, 0u, 0x109)]
    [InlineData(0x02, 2u, 0u, 0x002)] // an offset that is not aligned
    [InlineData(0x02, 516u, 0u, 0x002)] // one behind the end
    [InlineData(0x02, 0u, 2u, 0x002)] // gigabytes
    public void Log_pages_that_there_are_not_are_refused(byte page, uint offset, uint upperLength, int status)
    {
        var driver = new NvmeDriver().Enable();

        var result = driver.Do(0, new NvmeEntry(LogPage, 0, Data, Cdw10: page, Cdw11: upperLength, Cdw12: offset));

        Assert.Equal(status, result.Status);
    }

    [Fact]
    public void An_invalid_doorbell_is_an_event_that_is_told_once_until_its_log_is_read()
    {
        var driver = new NvmeDriver().Enable();
        var first = driver.Submit(0, new NvmeEntry(EventRequest), new NvmeEntry(EventRequest));

        driver.Write(0x1000 + 5 * 8, 1);
        driver.Write(0x1004, 1000);

        Assert.Equal((ushort)(first - 1), driver.Peek(0)!.Command);
        Assert.Equal(0x0001_0000u, driver.Take(0)!.Result);
        Assert.Null(driver.Peek(0));
        driver.LogPage(1, 64);
        driver.Write(0x1004, 1000);
        Assert.Equal(0x0001_0100u, driver.Take(0)!.Result);
    }

    [Fact]
    public void Doorbells_cannot_claim_more_than_there_is()
    {
        var driver = new NvmeDriver().Enable();
        driver.Submit(0, new NvmeEntry(EventRequest));

        driver.Write(0x1004, 1);

        Assert.Equal(0x0001_0100u, driver.Take(0)!.Result);
    }

    [Fact]
    public void A_critical_temperature_is_an_event_if_asked_for()
    {
        var driver = new NvmeDriver().Enable();
        driver.Do(0, new NvmeEntry(SetFeatures, Cdw10: 0x0B, Cdw11: 2));
        driver.Submit(0, new NvmeEntry(EventRequest));

        driver.Submit(0, new NvmeEntry(SetFeatures, Cdw10: 4, Cdw11: 200));

        Assert.Equal(0x0002_0101u, driver.Take(0)!.Result);
        Assert.Equal(0, driver.Take(0)!.Status);
        Assert.Equal(2, driver.LogPage(2, 512)[0]);
    }

    [Fact]
    public void Event_requests_are_limited_and_can_be_taken_back()
    {
        var driver = new NvmeDriver().Enable();
        var last = driver.Submit(0, [.. Enumerable.Repeat(new NvmeEntry(EventRequest), 5)]);
        Assert.Equal((last, 0x105), (driver.Peek(0)!.Command, driver.Take(0)!.Status));

        driver.Submit(0, new NvmeEntry(Abort, Cdw10: (uint)(last - 1) << 16));

        Assert.Equal((last - 1, 0x007), (driver.Peek(0)!.Command, driver.Take(0)!.Status));
        Assert.Equal(0u, driver.Take(0)!.Result);
        Assert.Equal(1u, driver.Do(0, new NvmeEntry(Abort, Cdw10: (uint)last << 16)).Result);
        Assert.Equal(0x002, driver.Do(0, new NvmeEntry(Abort, Cdw10: 9)).Status);
    }

    [Theory]
    [InlineData(0x03)]
    [InlineData(0x7C)]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void Commands_that_there_are_not_are_refused(byte opcode)
    {
        var driver = new NvmeDriver().Enable();

        Assert.Equal(0x001, driver.Do(0, new NvmeEntry(opcode)).Status);
    }

    private static ulong Number(byte[] page, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(offset));
}
