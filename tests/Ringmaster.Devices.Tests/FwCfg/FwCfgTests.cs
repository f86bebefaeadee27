using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.FwCfg;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.FwCfg;

public sealed class FwCfgTests : IDisposable
{
    private const uint Error = 1, DmaRead = 2, DmaSkip = 4, DmaSelect = 8, DmaWrite = 16;
    private const ulong Command = 0x1000, Buffer = 0x2000, RamEnd = 0x10_0000;

    private readonly GuestMemory _memory = GuestMemory.Create([new RamRange(new GuestPhysicalAddress(0), RamEnd)]);
    private readonly PortBus _bus = new();
    private readonly List<byte[]> _written = [];
    private readonly FwCfgDevice _device;

    public FwCfgTests()
    {
        _device = NewDevice();
        _bus.Attach(_device);
    }

    public void Dispose() => _memory.Dispose();

    [Theory]
    [InlineData(0x00, "51 45 4D 55 00")]
    [InlineData(0x01, "03 00 00 00 00")]
    [InlineData(0x05, "AA BB 00")]
    [InlineData(0x8003, "CC 00")]
    [InlineData(0x4005, "AA BB 00")]
    [InlineData(0x06, "00 00")]
    [InlineData(0x3FFF, "00 00")]
    public void Items_are_read_byte_by_byte_and_end_in_zeros(ushort key, string expected)
    {
        Select(key);
        var bytes = expected.Split(' ').Select(_ => _bus.Read(new IoPort(0x511), 1).ToString("X2"));
        Assert.Equal(expected, string.Join(' ', bytes));
    }

    [Fact]
    public void The_directory_lists_files_by_name_with_ascending_keys()
    {
        Select(FwCfgDevice.DirectoryKey);
        var bytes = ReadBytes(4 + 3 * 64);
        Assert.Equal(3u, BinaryPrimitives.ReadUInt32BigEndian(bytes));
        (string, uint, int)[] expected = [("etc/apple", 3, 0x20), ("etc/mango", 8, 0x21), ("opt/zebra", 2, 0x22)];
        for (var i = 0; i < 3; i++)
        {
            var entry = bytes.AsSpan(4 + i * 64, 64);
            var found = (Encoding.ASCII.GetString(entry[8..]).TrimEnd('\0'), BinaryPrimitives.ReadUInt32BigEndian(entry),
                (int)BinaryPrimitives.ReadUInt16BigEndian(entry[4..]));
            Assert.Equal(expected[i], found);
        }
        Select(0x22);
        Assert.Equal([9, 8], ReadBytes(2));
    }

    [Fact]
    public void The_dma_register_shows_its_signature()
    {
        Assert.Equal(BinaryPrimitives.ReadUInt32LittleEndian("QEMU"u8), _bus.Read(new IoPort(0x514), 4));
        Assert.Equal(BinaryPrimitives.ReadUInt32LittleEndian(" CFG"u8), _bus.Read(new IoPort(0x518), 4));
        Assert.Equal((uint)'C', _bus.Read(new IoPort(0x519), 1));
    }

    // Control, length and address of a command; control afterwards; bytes at the address.
    [Theory]
    [InlineData((0x20u << 16) | DmaSelect | DmaRead, 3u, Buffer, 0u, "01 02 03 EE")]
    [InlineData((0x20u << 16) | DmaSelect | DmaRead, 5u, Buffer, 0u, "01 02 03 00 00 EE")]
    [InlineData((0x99u << 16) | DmaSelect | DmaRead, 2u, Buffer, 0u, "00 00 EE")]
    [InlineData((0x20u << 16) | DmaSelect | DmaRead, 0u, ulong.MaxValue, 0u, "EE")]
    [InlineData((0x20u << 16) | DmaSelect | DmaRead, 3u, RamEnd - 2, Error, "EE")]
    [InlineData((0x20u << 16) | DmaSelect | DmaRead, 3u, ulong.MaxValue - 1, Error, "EE")]
    [InlineData((0x20u << 16) | DmaSelect | DmaRead, uint.MaxValue, Buffer, Error, "EE")]
    [InlineData((0x20u << 16) | DmaSelect | DmaWrite, 1u, Buffer, Error, "EE")]
    [InlineData((0x99u << 16) | DmaSelect | DmaWrite, 1u, Buffer, Error, "EE")]
    [InlineData((0x21u << 16) | DmaSelect | DmaWrite, 9u, Buffer, Error, "EE")]
    [InlineData((0x21u << 16) | DmaSelect | DmaWrite, 2u, RamEnd, Error, "EE")]
    [InlineData((0x21u << 16) | DmaSelect | DmaWrite, 4u, Buffer, 0u, "EE")]
    [InlineData(DmaSkip, uint.MaxValue, 0UL, 0u, "EE")]
    [InlineData(0u, 4u, Buffer, 0u, "EE")]
    public void Dma_commands_end_with_zero_or_the_error_bit(uint control, uint length, ulong address, uint after, string bytes)
    {
        _memory.Window(new GuestPhysicalAddress(Buffer), 16).Fill(0xEE);

        Assert.Equal(after, Dma(control, length, address));

        var count = bytes.Split(' ').Length;
        Assert.Equal(bytes, string.Join(' ', _memory.Window(new GuestPhysicalAddress(Buffer), count).ToArray().Select(b => b.ToString("X2"))));
    }

    [Fact]
    public void Dma_continues_and_skips_where_the_last_access_ended()
    {
        Dma((0x20u << 16) | DmaSelect | DmaSkip, 1, 0);
        Dma(DmaRead, 1, Buffer);
        Assert.Equal(2, _memory.Window(new GuestPhysicalAddress(Buffer), 1)[0]);
        Assert.Equal(3u, _bus.Read(new IoPort(0x511), 1));
    }

    [Fact]
    public void A_large_read_past_the_end_fills_all_of_it_with_zeros()
    {
        _memory.Window(new GuestPhysicalAddress(Buffer), 0x4_0000).Fill(0xEE);
        Assert.Equal(0u, Dma((0x20u << 16) | DmaSelect | DmaRead, 0x3_0000, Buffer));
        Assert.Equal(new byte[] { 1, 2, 3 }, _memory.Window(new GuestPhysicalAddress(Buffer), 3).ToArray());
        Assert.True(_memory.Window(new GuestPhysicalAddress(Buffer + 3), 0x3_0000 - 3).IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(0xEE, _memory.Window(new GuestPhysicalAddress(Buffer + 0x3_0000), 1)[0]);
    }

    [Fact]
    public void Guest_writes_are_reported_saved_restored_and_reset()
    {
        _memory.TryWrite(new GuestPhysicalAddress(Buffer), (ReadOnlySpan<byte>)[1, 2, 3, 4]);
        Dma((0x21u << 16) | DmaSelect | DmaSkip, 2, 0);
        Dma(DmaWrite, 4, Buffer);
        Assert.Equal([0, 0, 1, 2, 3, 4, 0, 0], Assert.Single(_written));

        var copy = NewDevice();
        copy.Restore(_device.Save());
        Assert.Equal(_device.Save().Data.ToString(), copy.Save().Data.ToString());
        Assert.Equal([0, 0, 1, 2, 3, 4, 0, 0], _written[^1]);

        _device.Reset();
        Select(0x21);
        Assert.Equal(new byte[8], ReadBytes(8));
    }

    [Theory]
    [InlineData(RamEnd)]
    [InlineData(RamEnd - 8)]
    [InlineData(ulong.MaxValue - 7)]
    public void A_command_outside_ram_harms_nothing(ulong address)
    {
        Trigger(address);
        Select(0);
        Assert.Equal("QEMU"u8.ToArray(), ReadBytes(4));
    }

    [Fact]
    public void A_command_that_is_partly_outside_ram_gets_the_error_bit()
    {
        Trigger(RamEnd - 8);
        Assert.True(_memory.TryRead(new GuestPhysicalAddress(RamEnd - 8), out uint control));
        Assert.Equal(Error, BinaryPrimitives.ReverseEndianness(control));
    }

    [Theory]
    [InlineData("")]
    [InlineData("etc/apple")]
    [InlineData("naïve")]
    [InlineData("12345678901234567890123456789012345678901234567890123456")]
    public void Unfit_file_names_are_configuration_errors(string name) =>
        Assert.Throws<ArgumentException>(() => _device.AddFile(name, new byte[1]));

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x19)]
    [InlineData(0x20)]
    [InlineData(0x4005)]
    public void Unfit_item_keys_are_configuration_errors(ushort key) =>
        Assert.Throws<ArgumentException>(() => _device.AddItem(key, new byte[1]));

    [Theory]
    [InlineData("""{"WritableFiles":[{"Name":"etc/apple","Content":"AQID"}]}""")]
    [InlineData("""{"WritableFiles":[{"Name":"etc/mango","Content":"AQID"}]}""")]
    [InlineData("""{"WritableFiles":[null]}""")]
    public void States_of_other_files_are_refused(string json)
    {
        var data = System.Text.Json.JsonDocument.Parse(json).RootElement;
        Assert.Throws<SavedStateException>(() => _device.Restore(new SavedState("fw-cfg", 1, data)));
    }

    [Fact]
    public void Random_accesses_never_throw() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
            ArbMap.Default.ArbFor<(byte Where, uint Control, uint Length, ulong Address)[]>(), steps =>
            {
                foreach (var (where, control, length, address) in steps)
                {
                    var port = new IoPort((ushort)(0x50E + where % 16));
                    _bus.Write(port, 1 << (where >> 4) % 3, control);
                    _bus.Read(port, 1 << (where >> 4) % 3);
                    Dma(control * 0x9E37_79B9 & 0x3F_001F, length * 0x9E37_79B9, address % (2 * RamEnd));
                }
            }));

    private FwCfgDevice NewDevice()
    {
        var device = new FwCfgDevice("fwcfg", _memory);
        device.AddItem(0x05, new byte[] { 0xAA, 0xBB });
        device.AddItem(0x8003, new byte[] { 0xCC });
        device.AddFile("opt/zebra", new byte[] { 9, 8 });
        device.AddWritableFile("etc/mango", new byte[8], content => _written.Add(content.ToArray()));
        device.AddFile("etc/apple", new byte[] { 1, 2, 3 });
        return device;
    }

    private void Select(ushort key) => _bus.Write(new IoPort(0x510), 2, key);

    private byte[] ReadBytes(int count) => [.. Enumerable.Range(0, count).Select(_ => (byte)_bus.Read(new IoPort(0x511), 1))];

    private void Trigger(ulong address)
    {
        _bus.Write(new IoPort(0x514), 4, BinaryPrimitives.ReverseEndianness((uint)(address >> 32)));
        _bus.Write(new IoPort(0x518), 4, BinaryPrimitives.ReverseEndianness((uint)address));
    }

    private uint Dma(uint control, uint length, ulong address)
    {
        var command = _memory.Window(new GuestPhysicalAddress(Command), 16);
        BinaryPrimitives.WriteUInt32BigEndian(command, control);
        BinaryPrimitives.WriteUInt32BigEndian(command[4..], length);
        BinaryPrimitives.WriteUInt64BigEndian(command[8..], address);
        Trigger(Command);
        return BinaryPrimitives.ReadUInt32BigEndian(command);
    }
}
