using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Tests.Pci;

/// <summary>What firmware sees of an expansion ROM (PCI Local Bus 3.0 sections 6.2.5.2 and 6.3).</summary>
public sealed class ExpansionRomTests
{
    private const int RomBar = 0x30, Command = 4;
    private const ulong Place = 0xE010_0000;
    private static readonly PciAddress s_slot = PciAddress.OnBus0(3);

    private readonly byte[] _content = [.. Enumerable.Range(0, 3000).Select(i => (byte)(i * 7))];
    private readonly PciBus _bus = new((_, _) => new InterruptLine(_ => { }), (_, _) => { });

    public ExpansionRomTests() => _bus.Attach(s_slot, new CardWithRom(_content));

    [Fact]
    public void It_takes_a_power_of_two()
    {
        _bus.WriteConfig(s_slot, RomBar, 4, 0xFFFF_F800);

        Assert.Equal(0xFFFF_F000u, _bus.ReadConfig(s_slot, RomBar, 4));
    }

    [Fact]
    public void It_reads_where_it_was_placed_while_it_is_enabled()
    {
        _bus.WriteConfig(s_slot, Command, 2, 2);
        _bus.WriteConfig(s_slot, RomBar, 4, (uint)Place);
        Assert.Equal(0xFFUL, _bus.ReadMmio(new(Place + 1), 1));

        _bus.WriteConfig(s_slot, RomBar, 4, (uint)Place | 1);

        Assert.Equal(BitConverter.ToUInt32(_content, 2996), (uint)_bus.ReadMmio(new(Place + 2996), 4));
        Assert.Equal(0xFFUL, _bus.ReadMmio(new(Place + 3000), 1));
        _bus.WriteMmio(new(Place), 4, 0x1234_5678);
        Assert.Equal(BitConverter.ToUInt32(_content, 0), (uint)_bus.ReadMmio(new(Place), 4));
    }

    private sealed class CardWithRom : IPciDevice
    {
        public CardWithRom(byte[] rom)
        {
            Pci.AddRom(rom);
            Pci.AddRom(default);
            Pci.Reset();
        }

        public string Name => "card";

        public string Kind => "card";

        public PciFunction Pci { get; } = new(new PciIdentity(0x1234, 0x5678, 0x02_0000));

        public void Reset() => Pci.Reset();

        public SavedState Save() => throw new NotSupportedException();

        public void Restore(SavedState state) => throw new NotSupportedException();
    }
}
