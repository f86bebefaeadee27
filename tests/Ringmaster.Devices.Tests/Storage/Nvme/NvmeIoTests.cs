using System.Buffers.Binary;
using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Tests.Contract;

namespace Ringmaster.Devices.Tests.Storage.Nvme;

public sealed class NvmeIoTests
{
    private const byte Flush = 0, Write = 1, Read = 2, Compare = 5, WriteZeroes = 8, Manage = 9;
    private const ulong Data = NvmeDriver.Data, Lists = NvmeDriver.Lists, Beyond = 0x10_0000;

    [Fact]
    public void What_is_written_is_read_again()
    {
        var driver = Ready();
        var bytes = Random(4096 + 1024, seed: 1);
        driver.Store(Data, bytes);

        var written = driver.Do(1, Transfer(Write, block: 3, blocks: 10, Data, Data + 0x1000));
        var read = driver.Do(1, Transfer(Read, block: 3, blocks: 10, Data + 0x4000, Data + 0x6000));

        Assert.Equal((0, 0), (written.Status, read.Status));
        Assert.Equal(bytes, driver.Disk.Content.AsSpan(3 * 512, 10 * 512).ToArray());
        Assert.Equal(bytes[..4096], driver.Bytes(Data + 0x4000, 4096));
        Assert.Equal(bytes[4096..], driver.Bytes(Data + 0x6000, 1024));
    }

    [Fact]
    public void A_transfer_may_begin_anywhere_in_a_page()
    {
        var driver = Ready();
        var bytes = Random(1024, seed: 2);
        driver.Disk.Content = bytes;

        var read = driver.Do(1, Transfer(Read, 0, 2, Data + 0xFFC, Data + 0x3000));

        Assert.Equal(0, read.Status);
        Assert.Equal(bytes[..4], driver.Bytes(Data + 0xFFC, 4));
        Assert.Equal(bytes[4..], driver.Bytes(Data + 0x3000, 1020));
    }

    [Fact]
    public void A_list_of_pages_may_go_on_in_another_list()
    {
        var driver = Ready();
        var bytes = Random(5 * 4096, seed: 3);
        driver.Disk.Content = bytes;
        // Room for two entries: a page, and where the list goes on.
        driver.Store(Lists + 0xFF0, List(Data + 0x2000, Data + 0x7000));
        driver.Store(Data + 0x7000, List(Data + 0x1000, Data + 0x4000, Data + 0x5000));

        var read = driver.Do(1, Transfer(Read, 0, 40, Data, Lists + 0xFF0));

        Assert.Equal(0, read.Status);
        ulong[] pages = [Data, Data + 0x2000, Data + 0x1000, Data + 0x4000, Data + 0x5000];
        Assert.Equal(bytes, pages.SelectMany(page => driver.Bytes(page, 4096)));
    }

    [Theory]
    [InlineData(0x8002ul, 0ul, 2, 0x013)] // not aligned
    [InlineData(Data, Data + 8, 10, 0x013)] // a second page with an offset
    [InlineData(Data, Lists + 4, 20, 0x013)] // a list that is not aligned
    [InlineData(Data, Beyond, 20, 0x004)] // a list outside RAM
    [InlineData(Beyond, 0ul, 2, 0x004)]
    [InlineData(0xFFFF_FFFF_FFFF_F000ul, 0ul, 8, 0x004)]
    [InlineData(Data, Beyond, 10, 0x004)]
    [InlineData(Data, Lists, 20, 0x013)] // an entry with an offset
    [InlineData(Data, Lists + 0xFF8, 20, 0x004)] // a list that goes on outside RAM
    public void Bad_page_entries_are_errors(ulong prp1, ulong prp2, int blocks, int status)
    {
        var driver = Ready();
        driver.Store(Lists, List(Data + 0x1008));
        driver.Store(Lists + 0xFF8, List(Beyond));

        var read = driver.Do(1, Transfer(Read, 0, blocks, prp1, prp2));

        Assert.Equal(status, read.Status);
        Assert.False(read.MayRetry);
        Assert.Equal(0, driver.Do(1, Transfer(Read, 0, 1, Data)).Status);
    }

    [Theory]
    [InlineData(64ul, 1, 0x080)]
    [InlineData(63ul, 2, 0x080)]
    [InlineData(ulong.MaxValue, 2, 0x080)]
    [InlineData(1ul << 55, 1, 0x080)]
    [InlineData(0ul, 1025, 0x002)]
    public void Transfers_end_where_the_disk_ends_and_are_not_longer_than_allowed(ulong block, int blocks, int status)
    {
        var driver = Ready();

        Assert.Equal(status, driver.Do(1, Transfer(Read, block, blocks, Data, Lists)).Status);
        Assert.Equal(status, driver.Do(1, Transfer(Write, block, blocks, Data, Lists)).Status);
    }

    [Fact]
    public void Zeroes_are_written_without_data()
    {
        var driver = Ready();
        driver.Disk.Content.AsSpan().Fill(7);

        var written = driver.Do(1, Transfer(WriteZeroes, 2, 3, 0));

        Assert.Equal(0, written.Status);
        Assert.Equal(2 * 512, driver.Disk.Content.AsSpan().IndexOfAnyExcept((byte)7));
        Assert.Equal(3 * 512, driver.Disk.Content.Count(value => value == 0));
        Assert.Equal(0x080, driver.Do(1, Transfer(WriteZeroes, 60, 5, 0)).Status);
    }

    [Fact]
    public void A_write_that_must_last_is_followed_by_a_flush()
    {
        var driver = Ready();

        driver.Do(1, Transfer(Write, 0, 1, Data) with { Cdw12 = 1u << 30 });
        driver.Do(0, new NvmeEntry(0x09, Cdw10: 6, Cdw11: 0));
        driver.Do(1, Transfer(Write, 1, 2, Data));
        driver.Do(0, new NvmeEntry(0x09, Cdw10: 6, Cdw11: 1));
        driver.Do(1, Transfer(Write, 4, 1, Data));
        driver.Do(1, new NvmeEntry(Flush, uint.MaxValue));

        Assert.Equal(
            ["Write 0+512", "Flush 0+0", "Write 512+1024", "Flush 0+0", "Write 2048+512", "Flush 0+0"],
            driver.Wiring.Log.Select(line => line.Split("disk ")[1].Split(':')[0]));
    }

    [Fact]
    public void Ranges_are_discarded_one_after_the_other()
    {
        var driver = Ready();
        driver.Store(Data, [.. Range(4, 2), .. Range(9, 0), .. Range(63, 1)]);

        var id = driver.Submit(1, new NvmeEntry(Manage, 1, Data, Cdw10: 2, Cdw11: 4));

        Assert.Equal(1, driver.Disk.Waiting);
        driver.Disk.CompleteSome(1);
        Assert.Null(driver.Peek(1));
        driver.Disk.CompleteSome(1);
        Assert.Equal((id, 0), (driver.Take(1)!.Command, driver.Disk.Waiting));
        Assert.Equal(["Discard 2048+1024", "Discard 32256+512"], driver.Wiring.Log.Select(line => line.Split("disk ")[1].Split(':')[0]));
    }

    [Fact]
    public void Ranges_behind_the_end_are_not_discarded_and_hints_do_nothing()
    {
        var driver = Ready();
        driver.Store(Data, [.. Range(4, 2), .. Range(60, 5)]);

        Assert.Equal(0x080, driver.Do(1, new NvmeEntry(Manage, 1, Data, Cdw10: 1, Cdw11: 4)).Status);
        Assert.Equal(0x004, driver.Do(1, new NvmeEntry(Manage, 1, Beyond, Cdw10: 1, Cdw11: 4)).Status);
        Assert.Equal(0, driver.Do(1, new NvmeEntry(Manage, 1, Data, Cdw10: 0, Cdw11: 1)).Status);
        Assert.Empty(driver.Wiring.Log);
    }

    [Fact]
    public void Comparing_finds_a_difference_anywhere()
    {
        var wiring = new TestWiring();
        wiring.Disk.Content = new byte[128 * 512];
        var driver = new NvmeDriver(wiring).Enable().AddQueues();
        // All pages of the list are the same one.
        driver.Store(Lists, List([.. Enumerable.Repeat(Data, 11)]));
        var command = Transfer(Compare, 0, 96, Data, Lists);

        Assert.Equal(0, driver.Do(1, command).Status);
        driver.Disk.Content[96 * 512 - 1] = 1;
        Assert.Equal(0x285, driver.Do(1, command).Status);
        Assert.Equal(new byte[4096], driver.Bytes(Data, 4096));
    }

    [Theory]
    [InlineData(Read, BlockStatus.Failed, 0x281, true)]
    [InlineData(Write, BlockStatus.Failed, 0x280, true)]
    [InlineData(Flush, BlockStatus.Failed, 0x006, true)]
    [InlineData(Write, BlockStatus.NoSpace, 0x081, true)]
    [InlineData(Write, BlockStatus.ReadOnly, 0x020, false)]
    [InlineData(Read, BlockStatus.OutOfRange, 0x080, false)]
    public void Failures_of_the_disk_are_told(byte opcode, BlockStatus outcome, int status, bool mayRetry)
    {
        var driver = Ready();
        driver.Disk.Outcome = outcome;

        var result = driver.Do(1, opcode == Flush ? new NvmeEntry(Flush, 1) : Transfer(opcode, 5, 1, Data));

        Assert.Equal((status, mayRetry), (result.Status, result.MayRetry));
        var log = driver.LogPage(1, 64);
        Assert.Equal(1u, BinaryPrimitives.ReadUInt64LittleEndian(log));
        Assert.Equal(1, BinaryPrimitives.ReadUInt16LittleEndian(log.AsSpan(8)));
        Assert.Equal(result.Command, BinaryPrimitives.ReadUInt16LittleEndian(log.AsSpan(10)));
        Assert.Equal(opcode == Flush ? 0u : 5u, BinaryPrimitives.ReadUInt64LittleEndian(log.AsSpan(16)));
    }

    [Theory]
    [InlineData(Write)]
    [InlineData(WriteZeroes)]
    [InlineData(Manage)]
    public void A_disk_that_cannot_be_written_is_not_written(byte opcode)
    {
        var driver = Ready();
        driver.Disk.IsReadOnly = true;

        Assert.Equal(0x020, driver.Do(1, Transfer(opcode, 0, 1, Data) with { Cdw11 = opcode == Manage ? 4u : 0 }).Status);
        Assert.Empty(driver.Wiring.Log);
    }

    [Theory]
    [InlineData(0x7F, 1u, 0, 0x001)]
    [InlineData(Read, 0u, 0, 0x00B)]
    [InlineData(Read, 2u, 0, 0x00B)]
    [InlineData(Read, uint.MaxValue, 0, 0x00B)]
    [InlineData(Read, 1u, 0x01, 0x002)] // fused
    [InlineData(Read, 1u, 0x40, 0x002)] // a scatter gather list
    public void Commands_that_there_are_not_are_refused(byte opcode, uint space, byte flags, int status)
    {
        var driver = Ready();

        Assert.Equal(status, driver.Do(1, new NvmeEntry(opcode, space, Data) { Flags = flags }).Status);
    }

    private static NvmeDriver Ready() => new NvmeDriver().Enable().AddQueues();

    private static NvmeEntry Transfer(byte opcode, ulong block, int blocks, ulong prp1, ulong prp2 = 0) =>
        new(opcode, 1, prp1, prp2, (uint)block, (uint)(block >> 32), (uint)(blocks - 1));

    private static byte[] List(params ulong[] entries) => [.. entries.SelectMany(BitConverter.GetBytes)];

    private static byte[] Range(ulong block, uint blocks) => [0, 0, 0, 0, .. BitConverter.GetBytes(blocks), .. BitConverter.GetBytes(block)];

    private static byte[] Random(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
