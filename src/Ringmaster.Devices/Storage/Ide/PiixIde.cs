using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>
/// The IDE function of the PIIX3 (82371SB data sheet, 2.2 and 2.7), function 1 of its device: two channels at the ports and
/// interrupts of an AT, and a bus master behind base address register 4.
/// </summary>
/// <remarks>
/// A channel answers while the function's I/O space and the channel's decoding (bit 15 of its timing register) are enabled, which
/// is up to firmware; without one, <see cref="EnableChannels"/> does it.
/// </remarks>
public sealed class PiixIde : StatefulDevice<PiixIdeState>, IPciDevice, IPortDevice, IConfigHook
{
    private const int PrimaryTiming = 0x40, SecondaryTiming = 0x42, DriveTiming = 0x44, MasterBar = 4;
    private const uint Decode = 0x8000, StatusAfterReset = 0x0280, StatusClearable = 0xF900;

    private readonly IdeChannel[] _channels;
    private readonly BusMaster[] _masters;

    /// <summary>Creates the function.</summary>
    /// <param name="memory">Where the bus master finds tables and data.</param>
    /// <param name="primary">The channel at 1F0h, with interrupt 14.</param>
    /// <param name="secondary">The channel at 170h, with interrupt 15.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public PiixIde(DmaSpace memory, IdeChannel primary, IdeChannel secondary, string name = "ide") : base(name)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(primary);
        ArgumentNullException.ThrowIfNull(secondary);
        Pci = new PciFunction(new PciIdentity(0x8086, 0x7010, 0x010180), hook: this);
        Pci.Config.Define(PciRegister.Status, 2, StatusAfterReset, clearable: StatusClearable);
        Pci.Config.Define(PrimaryTiming, 2, 0, 0xFFFF);
        Pci.Config.Define(SecondaryTiming, 2, 0, 0xFFFF);
        Pci.Config.Define(DriveTiming, 1, 0, 0xFF);
        _channels = [primary, secondary];
        _masters = [.. _channels.Select(channel => new BusMaster(memory, channel, () => Pci.IsBusMaster))];
        Pci.AddBar(MasterBar, PciBarKind.Io, 2 * BusMaster.Size, new BusMasterPorts(_masters));
        foreach (var channel in _channels)
            channel.Reset();
        Pci.Reset();
    }

    /// <inheritdoc/>
    public PciFunction Pci { get; }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; } =
    [
        new(new IoPort(IdeController.PrimaryCommand), IdeController.CommandPorts, 4),
        new(new IoPort(IdeController.PrimaryControl), 1),
        new(new IoPort(IdeController.SecondaryCommand), IdeController.CommandPorts, 4),
        new(new IoPort(IdeController.SecondaryControl), 1),
    ];

    /// <inheritdoc/>
    protected override string StateKind => "piix3-ide";

    /// <inheritdoc/>
    protected override JsonTypeInfo<PiixIdeState> StateType => IdeStateJson.Default.PiixIdeState;

    /// <summary>Has both channels take their ports once the function answers to any. UEFI firmware takes that as given.</summary>
    public void DecodeChannels() => Pci.WriteConfig(PrimaryTiming, 4, Decode | Decode << 16);

    /// <summary>Does what firmware does before an operating system starts: lets both channels answer.</summary>
    public void EnableChannels()
    {
        DecodeChannels();
        Pci.WriteConfig(PciRegister.Command, 2, PciRegister.CommandIo | PciRegister.CommandBusMaster);
    }

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size)
    {
        var index = ChannelOf(port, out var register);
        if (!Answers(index))
            return uint.MaxValue;
        return register is { } first ? _channels[index].ReadCommandBlock(first, size) : _channels[index].ReadAlternateStatus();
    }

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        var index = ChannelOf(port, out var register);
        if (!Answers(index))
            return;
        if (register is { } first)
            _channels[index].WriteCommandBlock(first, size, value);
        else
            _channels[index].WriteControl((byte)value);
    }

    void IConfigHook.Reading(int offset, int size)
    {
    }

    /// <summary>Transfers wait while the function may not access memory.</summary>
    void IConfigHook.Written(int offset, int size)
    {
        if (offset / 4 != PciRegister.Command / 4)
            return;
        foreach (var channel in _channels)
        {
            if (Pci.IsBusMaster)
                channel.ServeDma();
            else
                channel.StopDma();
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        foreach (var channel in _channels)
            channel.Reset();
        foreach (var master in _masters)
            master.Reset();
        Pci.Reset();
    }

    /// <inheritdoc/>
    protected override PiixIdeState Capture() =>
        new(Pci.Capture(), _channels[0].Capture(), _channels[1].Capture(), _masters[0].Capture(), _masters[1].Capture());

    /// <inheritdoc/>
    protected override void Apply(PiixIdeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Pci.Check(Name, state.Pci);
        _channels[0].Check(Name, state.Primary);
        _channels[1].Check(Name, state.Secondary);
        Pci.Apply(state.Pci);
        _masters[0].Apply(state.PrimaryMaster);
        _masters[1].Apply(state.SecondaryMaster);
        _channels[0].Apply(state.Primary);
        _channels[1].Apply(state.Secondary);
        foreach (var channel in _channels)
            channel.Resume();
    }

    private static int ChannelOf(IoPort port, out int? register)
    {
        const ushort end = IdeController.PrimaryCommand + IdeController.CommandPorts;
        var isPrimary = port.Value is (>= IdeController.PrimaryCommand and < end) or IdeController.PrimaryControl;
        var isControl = port.Value is IdeController.PrimaryControl or IdeController.SecondaryControl;
        register = isControl ? null : port.Value & (IdeController.CommandPorts - 1);
        return isPrimary ? 0 : 1;
    }

    private bool Answers(int channel) =>
        (Pci.Config.Read(PciRegister.Command, 2) & PciRegister.CommandIo) != 0
        && (Pci.Config.Read(PrimaryTiming + 2 * channel, 2) & Decode) != 0;

    /// <summary>The sixteen ports of both bus masters.</summary>
    private sealed class BusMasterPorts(BusMaster[] masters) : IRegisterBlock
    {
        public ulong Read(ulong offset, int size)
        {
            ulong value = 0;
            for (var i = 0; i < size; i++)
                value |= (ulong)masters[((int)offset + i) / BusMaster.Size].Read(((int)offset + i) % BusMaster.Size) << (8 * i);
            return value;
        }

        public void Write(ulong offset, int size, ulong value)
        {
            for (var i = 0; i < size; i++)
                masters[((int)offset + i) / BusMaster.Size].Write(((int)offset + i) % BusMaster.Size, (byte)(value >> (8 * i)));
        }
    }
}
