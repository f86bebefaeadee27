using Ringmaster.Devices.Pci;

namespace Ringmaster.Devices.Tests.Network.E1000;

public sealed class E1000RegisterTests
{
    private const uint LinkUp = 2, LinkChanged = 4, Clock = 1, Select = 2, DataIn = 4, DataOut = 8;

    [Fact]
    public void It_is_an_82540EM()
    {
        var board = new E1000Board();

        Assert.Equal(0x100E_8086u, board.Bus.ReadConfig(PciAddress.OnBus0(3), 0, 4));
        Assert.Equal(0x0200_0002u, board.Bus.ReadConfig(PciAddress.OnBus0(3), 8, 4));
        Assert.Equal(0x83u, board.Read(E1000Board.Status));
        Assert.Equal(0x1200_5452u, board.Read(0x5400));
        Assert.Equal(0x8000_5634u, board.Read(0x5404));
    }

    [Fact]
    public void The_eeprom_has_the_address_and_a_checksum()
    {
        var board = new E1000Board();

        var words = Enumerable.Range(0, 64).Select(i => ReadWord(board, i)).ToArray();

        Assert.Equal([0x5452, 0x1200, 0x5634], words.Take(3).Select(w => (int)w));
        Assert.Equal(0x100E, words[0x0D]);
        Assert.Equal(0xBABA, words.Sum(w => w) & 0xFFFF);
    }

    [Fact]
    public void The_eeprom_is_read_bit_by_bit_too()
    {
        var board = new E1000Board();
        board.Write(E1000Board.EepromControl, 0x40);
        Assert.Equal(0x1C0u, board.Read(E1000Board.EepromControl) & 0x1C0);
        for (var word = 0; word < 64; word++)
            Assert.Equal(ReadWord(board, word), ReadBits(board, word));
    }

    [Fact]
    public void The_transceiver_tells_what_was_negotiated()
    {
        var board = new E1000Board();

        Assert.Equal(0x0141u, ReadPhy(board, 2));
        Assert.Equal(0x0C20u, ReadPhy(board, 3));
        Assert.Equal(0x24u, ReadPhy(board, 1) & 0x24);
        Assert.Equal(0x0800u, ReadPhy(board, 10) & 0x0800);
        board.Write(E1000Board.Mdi, 5u << 21 | 2 << 26 | 1 << 16);
        Assert.Equal(0x5000_0000u, board.Read(E1000Board.Mdi) & 0x5000_0000);
    }

    [Fact]
    public void Negotiating_anew_takes_the_link_down_for_a_while()
    {
        var board = new E1000Board();
        board.Write(E1000Board.MaskSet, LinkChanged);

        board.Write(E1000Board.Mdi, 1u << 21 | 1 << 26 | 0x1340);

        Assert.Equal(0u, board.Read(E1000Board.Status) & LinkUp);
        Assert.Equal(LinkChanged, board.Read(E1000Board.Causes));
        Assert.False(board.Line.IsAsserted);
        board.Clock.Advance(1_000_000_000);
        Assert.True(board.Line.IsAsserted);
        Assert.Equal(LinkUp, board.Read(E1000Board.Status) & LinkUp);
    }

    [Fact]
    public void Pulling_the_cable_is_told()
    {
        var board = new E1000Board();
        board.SetUp();

        board.Card.IsLinkUp = false;

        Assert.Equal(LinkChanged, board.Read(E1000Board.Causes) & LinkChanged);
        Assert.Equal(0u, board.Read(E1000Board.Status) & LinkUp);
        Assert.Equal(0u, ReadPhy(board, 1) & 0x24);
        Assert.True(board.Receive(E1000Board.Frame(E1000Board.Own, 60)));
        Assert.Null(board.TakeFrame());
        board.Send(E1000Board.Frame(E1000Board.Own, 60));
        Assert.Empty(board.Network.Sent);
        board.Card.IsLinkUp = true;
        board.Clock.Advance(1_000_000_000);
        Assert.Equal(LinkUp, board.Read(E1000Board.Status) & LinkUp);
    }

    [Fact]
    public void Causes_interrupt_when_the_mask_lets_them()
    {
        var board = new E1000Board();

        board.Write(E1000Board.CauseSet, 0x84);
        Assert.False(board.Line.IsAsserted);
        board.Write(E1000Board.MaskSet, 0x80);
        Assert.True(board.Line.IsAsserted);
        board.Write(E1000Board.MaskClear, 0x80);
        Assert.False(board.Line.IsAsserted);
        board.Write(E1000Board.MaskSet, 0x84);
        board.Write(E1000Board.Causes, 0x80);
        Assert.True(board.Line.IsAsserted);
        Assert.Equal(4u, board.Read(E1000Board.Causes));
        Assert.False(board.Line.IsAsserted);
        Assert.Equal(0u, board.Read(E1000Board.Causes));
        Assert.Equal(0x84u, board.Read(E1000Board.MaskSet));
    }

    [Fact]
    public void The_throttle_keeps_interrupts_apart()
    {
        var board = new E1000Board();
        board.Write(E1000Board.Throttle, 1000);
        board.Write(E1000Board.MaskSet, 4);
        board.Write(E1000Board.CauseSet, 4);
        Assert.True(board.Line.IsAsserted);
        board.Read(E1000Board.Causes);

        board.Write(E1000Board.CauseSet, 4);

        Assert.False(board.Line.IsAsserted);
        board.Clock.Advance(256_000);
        Assert.True(board.Line.IsAsserted);
    }

    [Fact]
    public void The_ports_show_registers()
    {
        var board = new E1000Board();

        board.Io.Write(0, 4, 0x5400);

        Assert.Equal(0x1200_5452UL, board.Io.Read(4, 4));
        board.Io.Write(4, 4, 0xDEAD_BEEF);
        Assert.Equal(0xDEAD_BEEFu, board.Read(0x5400));
        Assert.Equal(0x5400UL, board.Io.Read(0, 4));
    }

    [Fact]
    public void A_reset_by_software_brings_the_address_back()
    {
        var board = new E1000Board();
        board.SetUp();
        board.Write(0x5400, 0);
        board.Write(E1000Board.MaskSet, 4);
        board.Write(E1000Board.CauseSet, 4);

        board.Write(E1000Board.Control, 1 << 26);

        Assert.Equal(0x1200_5452u, board.Read(0x5400));
        Assert.Equal(0u, board.Read(E1000Board.ReceiveControl));
        Assert.Equal(0u, board.Read(E1000Board.Control));
        Assert.False(board.Line.IsAsserted);
    }

    private static ushort ReadWord(E1000Board board, int word)
    {
        board.Write(E1000Board.EepromRead, (uint)word << 8 | 1);
        var value = board.Read(E1000Board.EepromRead);
        Assert.Equal(0x10u, value & 0x10);
        return (ushort)(value >> 16);
    }

    private static ushort ReadBits(E1000Board board, int word)
    {
        const uint request = 0x40;
        board.Write(E1000Board.EepromControl, request);
        board.Write(E1000Board.EepromControl, request | Select);
        for (var i = 8; i >= 0; i--)
        {
            var bit = ((0b110 << 6 | word) >> i & 1) != 0 ? DataIn : 0;
            board.Write(E1000Board.EepromControl, request | Select | bit);
            board.Write(E1000Board.EepromControl, request | Select | bit | Clock);
            board.Write(E1000Board.EepromControl, request | Select | bit);
        }
        var value = 0;
        for (var i = 0; i < 16; i++)
        {
            board.Write(E1000Board.EepromControl, request | Select | Clock);
            value = value << 1 | ((board.Read(E1000Board.EepromControl) & DataOut) != 0 ? 1 : 0);
            board.Write(E1000Board.EepromControl, request | Select);
        }
        board.Write(E1000Board.EepromControl, request);
        return (ushort)value;
    }

    private static uint ReadPhy(E1000Board board, uint register)
    {
        board.Write(E1000Board.Mdi, 1u << 21 | register << 16 | 2 << 26);
        var value = board.Read(E1000Board.Mdi);
        Assert.Equal(1u << 28, value & 0x5000_0000);
        return value & 0xFFFF;
    }
}
