using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Chipset.AcpiPm;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Pci;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Pci;

/// <summary>What software sees of a PCI bus (PCI Local Bus 3.0 chapter 6).</summary>
public sealed class PciBusTests
{
    private const int IoBar = 0x10, MsixBar = 0x14, MemoryBar = 0x18, Command = 4, Status = 6;
    private const ulong Table = 0xE000_0000;

    private static readonly PciAddress s_slot = PciAddress.OnBus0(5);

    private readonly List<(ulong Address, uint Data)> _messages = [];
    private readonly InterruptLine _pin = new(_ => { });
    private readonly PciBus _bus;
    private readonly PortBus _ports;
    private readonly MmioBus _memory;
    private readonly TestFunction _function = new();

    public PciBusTests()
    {
        _bus = new PciBus((_, _) => _pin, (address, data) => _messages.Add((address, data)));
        (_ports, _memory) = (new PortBus(_bus), new MmioBus(_bus));
        _ports.Attach(new PciConfigPorts(_bus, new ResetControl("reset", _ => _function.Log.Add("reset"))));
        _bus.Attach(s_slot, _function);
    }

    [Theory]
    [InlineData(IoBar, 0xFFFF_FFF1)]
    [InlineData(MsixBar, 0xFFFF_F000)]
    [InlineData(MemoryBar, 0xFFFF_C004)]
    [InlineData(MemoryBar + 4, 0xFFFF_FFFF)]
    [InlineData(0x20, 0)]
    [InlineData(0x30, 0)]
    public void Ones_written_to_a_base_address_register_tell_its_size(int register, uint expected)
    {
        Write(register, 4, uint.MaxValue);

        Assert.Equal(expected, Read(register, 4));
    }

    [Fact]
    public void Registers_are_where_they_were_placed_and_only_while_the_function_answers()
    {
        Write(MemoryBar, 4, 0xD000_0000);
        Write(MemoryBar + 4, 4, 0x12);
        Write(IoBar, 4, 0xC040);
        Assert.Equal(ulong.MaxValue, _memory.Read(new(0x12_D000_0010), 8));

        Write(Command, 2, 3);

        Assert.Equal(0x1122_3344_5566_7788u, _memory.Read(new(0x12_D000_0010), 8));
        Assert.Equal(0x5566_7788u, _ports.Read(new(0xC044), 4));
        _memory.Write(new(0x12_D000_3FFE), 2, 0xABCD);
        Write(MemoryBar, 4, 0xD100_0000);
        Assert.Equal(0xFFu, _memory.Read(new(0x12_D000_0010), 1));
        _memory.Write(new(0x12_D100_0000), 4, 5);
        Assert.Equal(["read 10/8", "read 4/4", "write 3ffe/2 abcd", "write 0/4 5"], _function.Log);
    }

    [Fact]
    public void An_access_over_the_end_reaches_the_bytes_that_are_there()
    {
        Write(MemoryBar, 4, 0xD000_0000);
        Write(Command, 2, 2);

        Assert.Equal(0xFFFF_8888u, _memory.Read(new(0xD000_3FFE), 4));
    }

    [Fact]
    public void Where_there_is_no_function_all_bits_are_ones_and_writes_vanish()
    {
        _ports.Write(new(0xCF8), 4, 0x8000_3000);

        Assert.Equal(uint.MaxValue, _ports.Read(new(0xCFC), 4));
        _ports.Write(new(0xCFC), 4, 0);
        _ports.Write(new(0xCF8), 4, 0);
        Assert.Equal(uint.MaxValue, _ports.Read(new(0xCFC), 4));
    }

    [Fact]
    public void Narrow_accesses_beside_the_data_port_reach_what_is_beside()
    {
        _ports.Write(new(0xCF8), 4, 0x8000_2800);

        _ports.Write(new(0xCF9), 1, 6);

        Assert.Contains("reset", _function.Log);
        Assert.Equal(0x8000_2800u, _ports.Read(new(0xCF8), 4));
        Assert.Equal(0x5678u, _ports.Read(new(0xCFE), 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void The_configuration_space_is_in_memory_too(int size)
    {
        _bus.Ecam = new GuestPhysicalAddress(0xB000_0000);

        var value = _memory.Read(new(0xB000_0000 + ((ulong)s_slot.RoutingId << 12)), size);

        Assert.Equal(0x5678_1234UL & (size == 8 ? ulong.MaxValue : (1UL << (8 * size)) - 1), value & 0xFFFF_FFFF);
        Assert.Equal(ulong.MaxValue >> (64 - 8 * size), _memory.Read(new(0xB000_0000), size));
    }

    [Fact]
    public void The_pin_is_driven_unless_software_or_messages_forbid_it()
    {
        _function.Pci.SetInterrupt(true);
        Assert.True(_pin.IsAsserted);
        Assert.NotEqual(0u, Read(Status, 2) & 8);

        Write(Command, 2, 0x400);
        Assert.False(_pin.IsAsserted);
        Assert.NotEqual(0u, Read(Status, 2) & 8);
        Write(Command, 2, 0);
        Assert.True(_pin.IsAsserted);
        Write(Capability(0x11) + 2, 2, 0x8000);
        Assert.False(_pin.IsAsserted);
    }

    [Fact]
    public void Masked_vectors_wait()
    {
        EnableMsix();
        _function.Pci.Msix!.Signal(1);
        Assert.Equal(2u, _memory.Read(new(Table + 0x800), 4));
        Assert.Empty(_messages);

        _memory.Write(new(Table + 28), 4, 0);

        Assert.Equal([(0xFEE0_1000UL, 0x41u)], _messages);
        Assert.Equal(0u, _memory.Read(new(Table + 0x800), 4));
        Write(Capability(0x11) + 2, 2, 0xC000);
        _function.Pci.Msix.Signal(1);
        Assert.Single(_messages);
        Write(Capability(0x11) + 2, 2, 0x8000);
        Assert.Equal(2, _messages.Count);
    }

    [Fact]
    public void A_function_that_may_not_master_the_bus_sends_no_messages()
    {
        EnableMsix();
        _memory.Write(new(Table + 28), 4, 0);
        Write(Command, 2, 2);

        _function.Pci.Msix!.Signal(1);

        Assert.Empty(_messages);
    }

    [Theory]
    [InlineData(0, 0x40)]
    [InlineData(1, 0x41)]
    [InlineData(2, 0x41)]
    [InlineData(3, 0x41)]
    public void Msi_vectors_beyond_those_granted_share_the_last(int vector, uint data)
    {
        var msi = Capability(0x05);
        Write(Command, 2, 4);
        Write(msi + 4, 4, 0xFEE0_0000);
        Write(msi + 12, 2, 0x40);
        Write(msi + 2, 2, 0x11);

        _function.Pci.Msi!.Signal(vector);

        Assert.Equal([(0xFEE0_0000UL, data)], _messages);
    }

    [Fact]
    public void A_function_that_was_pulled_out_is_gone()
    {
        Write(MemoryBar, 4, 0xD000_0000);
        Write(Command, 2, 2);
        _function.Pci.SetInterrupt(true);

        Assert.True(_bus.Detach(s_slot));

        Assert.False(_pin.IsAsserted);
        Assert.Equal(0xFFFF_FFFFu, _memory.Read(new(0xD000_0000), 4));
        Assert.Equal(0xFFFFu, _bus.ReadConfig(s_slot, 0, 2));
        Assert.False(_bus.Detach(s_slot));
    }

    [Fact]
    public void A_slot_is_given_once() =>
        Assert.Contains("00:05.0", Assert.Throws<BusConflictException>(() => _bus.Attach(s_slot, new TestFunction())).Message, StringComparison.Ordinal);

    private void EnableMsix()
    {
        Write(MsixBar, 4, (uint)Table);
        Write(Command, 2, 6);
        Write(Capability(0x11) + 2, 2, 0x8000);
        _memory.Write(new(Table + 16), 8, 0xFEE0_1000);
        _memory.Write(new(Table + 24), 4, 0x41);
    }

    private int Capability(byte id)
    {
        var at = (int)Read(0x34, 1);
        while (Read(at, 1) != id)
            at = (int)Read(at + 1, 1);
        return at;
    }

    private uint Read(int register, int size) => _bus.ReadConfig(s_slot, register, size);

    private void Write(int register, int size, uint value) => _bus.WriteConfig(s_slot, register, size, value);
}
