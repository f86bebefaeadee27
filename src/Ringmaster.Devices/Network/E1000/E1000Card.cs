using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.State;
using static Ringmaster.Devices.Network.E1000.E1000Register;

namespace Ringmaster.Devices.Network.E1000;

/// <summary>
/// A network card with the Intel 82540EM ("PCI/PCI-X Family of Gigabit Ethernet Controllers Software Developer's Manual"), for
/// guests without a virtio driver.
/// </summary>
public sealed partial class E1000Card : StatefulDevice<E1000State>, IPciDevice
{
    internal const ushort Vendor = 0x8086, DeviceId = 0x100E, Subsystem = 0x001E;

    private const uint PciClass = 0x02_0000;
    private const ulong BlockSize = 0x2_0000, IoSize = 64;
    private const int EthernetHeader = 14;
    private const uint FullDuplex = 1, LinkUp = 2, Gigabit = 0x80, AddressIsValid = 1u << 31;
    private const uint LoopbackModes = 0xC0;

    /// <summary>How long both ends take to find each other, in nanoseconds. Real ones take seconds, which nobody misses.</summary>
    private const long NegotiationTime = 200_000_000;

    private readonly INetworkBackend _backend;
    private readonly MacAddress _mac;
    private readonly IVmClock _clock;
    private readonly FrameFinisher _finisher = new();
    private readonly FrameSink _placeFinished;
    private readonly E1000Registers _registers = new();
    private readonly E1000Statistics _statistics;
    private readonly E1000Interrupts _interrupts;
    private readonly E1000Transmitter _transmitter;
    private readonly E1000Receiver _receiver;
    private readonly E1000Delay _receiveDelay;
    private readonly E1000Eeprom _eeprom;
    private readonly E1000Phy _phy = new();
    private readonly E1000IoWindow _window;
    private readonly IVmTimer _negotiation;
    private bool _isLinkUp = true;
    private int _placed;
    private bool _isRefused;

    /// <summary>Creates the card.</summary>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    /// <param name="mac">Its address, of one station.</param>
    /// <param name="backend">What it is plugged into. The machine connects its receiver to <see cref="Receive"/>, taking its lock.</param>
    /// <param name="dma">Memory as it sees it.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="rom">The program by which firmware boots from it; empty for none.</param>
    public E1000Card(string name, MacAddress mac, INetworkBackend backend, DmaSpace dma, IVmClock clock, ReadOnlyMemory<byte> rom = default) : base(name)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(dma);
        ArgumentNullException.ThrowIfNull(clock);
        if (mac.IsGroup || mac.Value is 0 or > 0xFFFF_FFFF_FFFF)
            throw new ArgumentOutOfRangeException(nameof(mac), mac, "A network card has the address of one station.");
        (_backend, _mac, _clock) = (backend, mac, clock);
        Pci = new PciFunction(new PciIdentity(Vendor, DeviceId, PciClass) { Revision = 2, SubsystemVendor = Vendor, Subsystem = Subsystem }, pin: 1);
        var registers = new DoublewordRegisters(ReadRegister, WriteRegister);
        _window = new E1000IoWindow(registers);
        Pci.AddBar(0, PciBarKind.Memory32, BlockSize, registers);
        Pci.AddBar(1, PciBarKind.Io, IoSize, _window);
        Pci.AddRom(rom);
        _statistics = new E1000Statistics(_registers);
        _interrupts = new E1000Interrupts(_registers, Pci, clock, name);
        _receiveDelay = new E1000Delay(_registers, clock, ReceiveDelay, ReceiveAbsoluteDelay, $"{name} receive", () => _interrupts.Raise(E1000Cause.Received));
        _transmitter = new E1000Transmitter(Pci, _registers, _statistics, dma, clock, _interrupts, Send, name);
        _receiver = new E1000Receiver(_registers, new E1000Filter(_registers), _statistics, dma, _interrupts, _receiveDelay);
        _eeprom = new E1000Eeprom(mac);
        _negotiation = clock.CreateTimer($"{name} negotiation", LinkChanged);
        _placeFinished = PlaceFinished;
        Pci.Reset();
        ResetCard();
    }

    /// <inheritdoc/>
    public PciFunction Pci { get; }

    /// <summary>Whether the cable is plugged in; it is at first. The driver is told. Frames are lost while it is not.</summary>
    public bool IsLinkUp
    {
        get => _isLinkUp;
        set
        {
            if (_isLinkUp == value)
                return;
            _isLinkUp = value;
            if (value)
                Negotiate();
            else
                LoseLink();
        }
    }

    /// <inheritdoc/>
    protected override string StateKind => "e1000";

    /// <inheritdoc/>
    protected override JsonTypeInfo<E1000State> StateType => E1000StateJson.Default.E1000State;

    /// <summary>Whether both ends have found each other.</summary>
    private bool HasLink => _isLinkUp && _negotiation.Deadline is null;

    private bool IsLooped => (_registers[ReceiveControl] & LoopbackModes) != 0 || _phy.IsLooped;

    /// <summary>Takes a frame from the outside. Called with the machine's lock held.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="offload">What is left to do to it, which is done first.</param>
    /// <returns>
    /// False if the driver has no room for it now; <see cref="INetworkBackend.ReceiverReady"/> is called when it has. True if it was
    /// taken, or nobody wants it.
    /// </returns>
    public bool Receive(ReadOnlySpan<byte> frame, in FrameOffload offload)
    {
        if (!HasLink || IsLooped || frame.Length < EthernetHeader)
            return true;
        (_placed, _isRefused) = (0, false);
        if (offload.IsNone)
            PlaceFinished(frame);
        else
            _finisher.Finish(frame, offload, _placeFinished);
        // Of a frame that is cut the rest is lost if there was room for some pieces only: they must not come twice.
        return !_isRefused || _placed > 0;
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Pci.Reset();
        ResetCard();
    }

    /// <inheritdoc/>
    protected override E1000State Capture() => new(
        Pci.Capture(), _registers.Capture(), _phy.Capture(), _eeprom.Capture(), _transmitter.Capture(), _window.Address, _isLinkUp, _negotiation.Deadline,
        _receiver.IsStarved, _interrupts.NotBefore, _receiveDelay.Deadlines.Last, _receiveDelay.Deadlines.Next, _transmitter.Delay.Deadlines.Last,
        _transmitter.Delay.Deadlines.Next);

    /// <inheritdoc/>
    protected override void Apply(E1000State state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Phy.Length != E1000Phy.Registers)
            throw new SavedStateException($"{Name}: the saved state has {state.Phy.Length} registers of the transceiver, not {E1000Phy.Registers}.");
        Pci.Check(Name, state.Pci);
        Pci.Apply(state.Pci);
        _registers.Apply(state.Registers);
        _phy.Apply(state.Phy);
        _eeprom.Apply(state.Eeprom);
        _transmitter.Apply(state.Transmit);
        _window.Address = state.IoAddress & 0x1_FFFC;
        _isLinkUp = state.IsLinkUp;
        if (state.LinkAt is { } at && _isLinkUp)
            _negotiation.Arm(Math.Clamp(at, _clock.Now, _clock.Now + NegotiationTime));
        else
            _negotiation.Disarm();
        _receiver.IsStarved = state.IsStarved;
        _receiveDelay.Apply(state.ReceiveLast, state.ReceiveNext);
        _transmitter.Delay.Apply(state.TransmitLast, state.TransmitNext);
        _interrupts.Apply(state.NotBefore);
        // The frames that the other back end kept are lost; this one may have some.
        _backend.ReceiverReady();
    }

    private void PlaceFinished(ReadOnlySpan<byte> frame)
    {
        if (_isRefused || !_receiver.IsOn || !Pci.IsBusMaster)
            return;
        if (_receiver.Receive(frame))
            _placed++;
        else
            _isRefused = true;
    }

    private void Send(ReadOnlySpan<byte> frame)
    {
        if (IsLooped)
            PlaceLooped(frame);
        else if (HasLink)
            _backend.Send(frame, FrameOffload.None);
    }

    /// <summary>A frame comes back; there is nobody to keep it if there is no room.</summary>
    private void PlaceLooped(ReadOnlySpan<byte> frame)
    {
        if (_receiver.IsOn && !_receiver.Receive(frame))
            _statistics.Count(MissedPackets);
    }

    /// <summary>Both ends begin to look for each other.</summary>
    private void Negotiate()
    {
        if (_isLinkUp)
            _negotiation.Arm(_clock.Now + NegotiationTime);
    }

    private void LoseLink()
    {
        _negotiation.Disarm();
        LinkChanged();
    }

    private void LinkChanged()
    {
        _interrupts.Raise(E1000Cause.LinkChanged);
        // What was kept is lost with the link.
        _backend.ReceiverReady();
    }

    private void ResetCard()
    {
        _phy.Reset();
        _negotiation.Disarm();
        _window.Address = 0;
        ResetController();
    }

    /// <summary>What software's reset does (section 14.4): the transceiver and PCI keep their state.</summary>
    private void ResetController()
    {
        _registers.Reset();
        _eeprom.Reset();
        Span<byte> address = stackalloc byte[8];
        _mac.Write(address);
        (_registers[Addresses], _registers[Addresses + 4]) = (BitConverter.ToUInt32(address), BitConverter.ToUInt16(address[4..]) | AddressIsValid);
        _transmitter.Reset();
        _receiveDelay.Cancel();
        _receiver.IsStarved = false;
        _interrupts.Reset();
        _backend.ReceiverReady();
    }
}
