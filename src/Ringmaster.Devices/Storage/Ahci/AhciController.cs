using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.State;
using Ringmaster.Devices.Storage.Ata;

namespace Ringmaster.Devices.Storage.Ahci;

/// <summary>
/// A SATA controller (Serial ATA AHCI 1.3.1) as the ICH9 has one: six ports, each with a disk, a CD-ROM drive or nothing behind it, 32
/// commands each, native command queuing, 64-bit addresses. There is no IDE mode.
/// </summary>
/// <remarks>
/// A guest can have 32 commands under way on each port, which bounds the work; the memory that they hold in the host is bounded by
/// ranges of guest memory (see <see cref="AhciPort"/>).
/// </remarks>
public sealed class AhciController : StatefulDevice<AhciControllerState>, IPciDevice, IConfigHook
{
    /// <summary>How many ports there are.</summary>
    public const int Ports = 6;

    private const ulong RegistersSize = 0x1000;
    private const int Capabilities = 0x00, Control = 0x04, InterruptRegister = 0x08, ImplementedPorts = 0x0C, VersionRegister = 0x10;
    private const int FirstPort = 0x100, PortSize = 0x80, Bar = 5;
    private const uint AhciEnable = 1u << 31, InterruptEnable = 2, HbaReset = 1, Version = 0x0001_0301, AllPorts = (1 << Ports) - 1;

    /// <summary>Six ports, 32 slots, no IDE mode, 3 Gb/s, list override, native command queuing, 64-bit addresses.</summary>
    private const uint CapabilityBits = (Ports - 1) | (AhciPort.Slots - 1) << 8 | 1 << 18 | 2 << 20 | 1 << 24 | 1 << 30 | 1u << 31;

    private readonly AhciPort[] _ports;
    private bool _interruptsEnabled, _mayAccessMemory;
    private uint _interrupts;

    /// <summary>Creates the controller.</summary>
    /// <param name="devices">Disks and drives by port, at most <see cref="Ports"/>; null for a port with nothing behind it.</param>
    /// <param name="dma">The guest's memory.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    /// <exception cref="ArgumentException">There are too many of them.</exception>
    public AhciController(IReadOnlyList<AtaDevice?> devices, DmaSpace dma, string name = "ahci0") : base(name)
    {
        ArgumentNullException.ThrowIfNull(devices);
        ArgumentNullException.ThrowIfNull(dma);
        if (devices.Count > Ports)
            throw new ArgumentException($"An AHCI controller has {Ports} ports, not {devices.Count}.", nameof(devices));
        _ports = [.. Enumerable.Range(0, Ports).Select(i => MakePort(i < devices.Count ? devices[i] : null, dma))];
        Pci = new PciFunction(new PciIdentity(0x8086, 0x2922, 0x01_06_01) { Revision = 2, SubsystemVendor = 0x1AF4, Subsystem = 0x1100 }, pin: 1, this);
        Pci.AddMsi(1);
        DescribePorts(devices);
        Pci.AddBar(Bar, PciBarKind.Memory32, RegistersSize, new DoublewordRegisters(ReadDoubleword, WriteDoubleword));
        Reset();
    }

    /// <inheritdoc/>
    public PciFunction Pci { get; }

    /// <inheritdoc/>
    protected override string StateKind => "ahci";

    /// <inheritdoc/>
    protected override JsonTypeInfo<AhciControllerState> StateType => AhciStateJson.Default.AhciControllerState;

    /// <inheritdoc/>
    public override void Reset()
    {
        ResetPorts(keepsAddresses: false);
        Pci.Reset();
        _mayAccessMemory = false;
    }

    /// <inheritdoc/>
    public void Reading(int offset, int size)
    {
    }

    /// <inheritdoc/>
    public void Written(int offset, int size)
    {
        if (Pci.IsBusMaster == _mayAccessMemory)
            return;
        _mayAccessMemory = Pci.IsBusMaster;
        foreach (var port in _ports)
            port.MasteringChanged();
        UpdateInterrupts();
    }

    /// <inheritdoc/>
    protected override AhciControllerState Capture() =>
        new(_interruptsEnabled, _interrupts, [.. _ports.Select(port => port.Capture())], Pci.Capture());

    /// <inheritdoc/>
    protected override void Apply(AhciControllerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Pci.Check(Name, state.Pci);
        if (state.Ports.Length != Ports || Array.Exists(state.Ports, port => port is null))
            throw new SavedStateException($"{Name}: the saved state does not have {Ports} ports.");
        var jobs = _ports.Select((port, i) => port.Check(state.Ports[i], Name)).ToList();

        Pci.Apply(state.Pci);
        _mayAccessMemory = Pci.IsBusMaster;
        for (var i = 0; i < Ports; i++)
            _ports[i].Apply(state.Ports[i], jobs[i]);
        (_interruptsEnabled, _interrupts) = (state.InterruptsEnabled, (state.Interrupts & AllPorts) | Interrupting);
        DrivePin();
    }

    private uint Interrupting
    {
        get
        {
            uint ports = 0;
            for (var i = 0; i < Ports; i++)
                ports |= _ports[i].IsInterrupting ? 1u << i : 0;
            return ports;
        }
    }

    /// <summary>The ICH9's own registers MAP, which says that ports are AHCI's, and PCS, which enables ports and tells which have a device.</summary>
    private void DescribePorts(IReadOnlyList<AtaDevice?> devices)
    {
        const int map = 0x90, portControl = 0x92, isAhci = 0x40;
        uint present = 0;
        for (var i = 0; i < devices.Count; i++)
            present |= devices[i] is null ? 0 : 1u << i;
        Pci.Config.Define(map, 1, isAhci);
        Pci.Config.Define(portControl, 2, AllPorts | present << 8, AllPorts);
    }

    private AhciPort MakePort(AtaDevice? device, DmaSpace dma) => new(device, dma, () => Pci.IsBusMaster, UpdateInterrupts);

    private uint ReadDoubleword(int offset)
    {
        switch (offset)
        {
            case Capabilities:
                return CapabilityBits;
            case Control:
                return AhciEnable | (_interruptsEnabled ? InterruptEnable : 0);
            case InterruptRegister:
                return _interrupts;
            case ImplementedPorts:
                return AllPorts;
            case VersionRegister:
                return Version;
            default:
                var port = (offset - FirstPort) / PortSize;
                return offset >= FirstPort && port < Ports ? _ports[port].Read(offset % PortSize) : 0;
        }
    }

    private void WriteDoubleword(int offset, uint value)
    {
        switch (offset)
        {
            case Control when (value & HbaReset) != 0:
                ResetPorts(keepsAddresses: true);
                break;
            case Control:
                var wasEnabled = _interruptsEnabled;
                _interruptsEnabled = (value & InterruptEnable) != 0;
                if (!wasEnabled)
                    SendMessage();
                DrivePin();
                break;
            case InterruptRegister:
                _interrupts = (_interrupts & ~value) | Interrupting;
                // What is still there, or there again, would be lost without another message.
                SendMessage();
                DrivePin();
                break;
            case >= FirstPort and < FirstPort + Ports * PortSize:
                _ports[(offset - FirstPort) / PortSize].Write(offset % PortSize, value);
                break;
        }
    }

    private void ResetPorts(bool keepsAddresses)
    {
        foreach (var port in _ports)
            port.Reset(keepsAddresses);
        (_interruptsEnabled, _interrupts) = (false, 0);
        DrivePin();
    }

    /// <summary>A port's interrupt may have come or gone; what has come stays until software clears it.</summary>
    private void UpdateInterrupts()
    {
        var old = _interrupts;
        _interrupts |= Interrupting;
        if (_interrupts != old)
            SendMessage();
        DrivePin();
    }

    private void SendMessage()
    {
        if (_interruptsEnabled && _interrupts != 0)
            Pci.Msi!.Signal(0);
    }

    private void DrivePin() => Pci.SetInterrupt(_interruptsEnabled && _interrupts != 0);
}
