using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Virtio.Pci;

/// <summary>A virtio device on a PCI bus (virtio 1.2 section 4.1), for drivers of virtio 1 and, where its type is that old, for those of before.</summary>
public sealed class VirtioPciDevice : StatefulDevice<VirtioPciState>, IPciDevice, IConfigHook, IRegisterBlock
{
    private const ushort Vendor = 0x1AF4, FirstModernId = 0x1040, Notifications = 0x3000;
    private const int LegacyBar = 0, MsixBar = 1, ModernBar = 4, Common = 0, Interrupts = 0x1000, Own = 0x2000, BlockSize = 0x4000;
    private const byte VendorCapability = 0x09;
    private const int AccessBar = 4, AccessOffset = 8, AccessLength = 12, AccessData = 16;
    private const int NotifyMultiplier = 4;

    private readonly NegotiationRegisters _common;
    private readonly DeviceConfig _own;
    private readonly int _access;

    /// <summary>Creates the device.</summary>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    /// <param name="device">What it does.</param>
    /// <param name="dma">Memory as it sees it.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="pciClass">Base class, subclass and programming interface.</param>
    /// <param name="isTransitional">Whether drivers of before virtio 1 can use it, too, if there were such for its type.</param>
    /// <param name="rom">A program by which firmware uses it; empty for none.</param>
    public VirtioPciDevice(
        string name, VirtioDevice device, DmaSpace dma, IVmClock clock, uint pciClass, bool isTransitional = true, ReadOnlyMemory<byte> rom = default) : base(name)
    {
        ArgumentNullException.ThrowIfNull(device);
        var legacyId = isTransitional ? LegacyId(device.Type) : null;
        Pci = new PciFunction(
            new PciIdentity(Vendor, legacyId ?? (ushort)(FirstModernId + (ushort)device.Type), pciClass)
            {
                Revision = legacyId is null ? (byte)1 : (byte)0,
                SubsystemVendor = Vendor,
                Subsystem = legacyId is null ? (ushort)0x1100 : (ushort)device.Type,
            },
            pin: 1, this);
        // One for changes of the configuration and one for each queue.
        Core = new VirtioCore(device, dma, clock, device.QueueSizes.Count + 1, Interrupt);
        (_common, _own) = (new NegotiationRegisters(Core), new DeviceConfig(device));
        var legacy = legacyId is null ? null
            : Pci.AddBar(LegacyBar, PciBarKind.Io, (ulong)int.Max(64, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(24 + device.ConfigLength))),
                new LegacyRegisters(Core, () => Pci.Msix!.IsEnabled, TakeInterrupts));
        Pci.AddMsix(Core.VectorCount, MsixBar);
        var modern = Pci.AddBar(ModernBar, PciBarKind.Prefetchable64, BlockSize, this);
        foreach (var index in Enumerable.Range(0, Core.Queues.Count))
        {
            Pci.AddDoorbell(new PciDoorbell(modern, (ulong)(Notifications + NotifyMultiplier * index), 0, null, () => Core.Notify(index)));
            if (legacy is not null)
                Pci.AddDoorbell(new PciDoorbell(legacy, LegacyRegisters.QueueNotify, 2, (uint)index, () => Core.Notify(index)));
        }
        Pci.AddRom(rom);
        AddStructure(1, Common, NegotiationRegisters.Length);
        AddStructure(3, Interrupts, 1);
        if (device.ConfigLength > 0)
            AddStructure(4, Own, device.ConfigLength);
        Pci.Config.Define(AddStructure(2, Notifications, NotifyMultiplier * Core.Queues.Count, 20) + 16, 4, NotifyMultiplier);
        _access = AddStructure(5, 0, 0, 20);
        Pci.Config.Define(_access + AccessBar, 1, 0, 0xFF);
        Pci.Config.Define(_access + AccessOffset, 4, 0, uint.MaxValue);
        Pci.Config.Define(_access + AccessLength, 4, 0, uint.MaxValue);
        Pci.Config.Define(_access + AccessData, 4, 0, uint.MaxValue);
        Pci.Reset();
    }

    /// <inheritdoc/>
    public PciFunction Pci { get; }

    /// <summary>Negotiation and queues.</summary>
    public VirtioCore Core { get; }

    /// <inheritdoc/>
    protected override string StateKind => $"virtio-{Core.Device.Type}".ToLowerInvariant();

    /// <inheritdoc/>
    protected override JsonTypeInfo<VirtioPciState> StateType => VirtioPciStateJson.Default.VirtioPciState;

    /// <inheritdoc/>
    public override void Reset()
    {
        Pci.Reset();
        Core.Reset();
    }

    /// <inheritdoc/>
    ulong IRegisterBlock.Read(ulong offset, int size) => (offset & 0x3000) switch
    {
        Common => _common.Read(offset, size),
        Interrupts => (offset & 0xFFF) == 0 ? TakeInterrupts() : 0UL,
        Own => _own.Read(offset & 0xFFF, size),
        _ => 0,
    };

    /// <inheritdoc/>
    void IRegisterBlock.Write(ulong offset, int size, ulong value)
    {
        switch (offset & 0x3000)
        {
            case Common:
                _common.Write(offset, size, value);
                break;
            case Own:
                _own.Write(offset & 0xFFF, size, value);
                break;
            case Notifications:
                Core.Notify((int)((offset & 0xFFF) / NotifyMultiplier));
                break;
        }
    }

    /// <summary>The window by which the registers are reached through the configuration space (section 4.1.4.9).</summary>
    void IConfigHook.Reading(int offset, int size)
    {
        if (AccessedRegisters(offset) is var (bar, at, length))
            Pci.Config.Set(_access + AccessData, length, (uint)bar.Registers.Read(at, length));
    }

    /// <inheritdoc/>
    void IConfigHook.Written(int offset, int size)
    {
        if (AccessedRegisters(offset) is var (bar, at, length))
            bar.Registers.Write(at, length, Pci.Config.Read(_access + AccessData, length));
        // Whether MSI-X is enabled decides what the pin does.
        DrivePin();
    }

    /// <inheritdoc/>
    protected override VirtioPciState Capture() => new(Pci.Capture(), Core.Capture(), Core.Device.Save());

    /// <inheritdoc/>
    protected override void Apply(VirtioPciState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Pci.Check(Name, state.Pci);
        Core.Check(Name, state.Core);
        // What the device type's own is may still be refused, and then nothing must have changed.
        Core.Device.Restore(state.Device);
        Pci.Apply(state.Pci);
        Core.Apply(state.Core);
        DrivePin();
        Core.Continue();
    }

    private static ushort? LegacyId(VirtioType type) => type switch
    {
        VirtioType.Net => 0x1000,
        VirtioType.Block => 0x1001,
        VirtioType.Balloon => 0x1002,
        VirtioType.Console => 0x1003,
        VirtioType.Rng => 0x1005,
        VirtioType.NineP => 0x1009,
        _ => null,
    };

    /// <summary>Adds a capability that tells where a structure is (section 4.1.4).</summary>
    private int AddStructure(byte type, uint offset, int length, int size = 16)
    {
        var at = Pci.Config.AddCapability(VendorCapability, size);
        Pci.Config.Define(at + 2, 1, (uint)size);
        Pci.Config.Define(at + 3, 1, type);
        Pci.Config.Define(at + 4, 4, ModernBar);
        Pci.Config.Define(at + 8, 4, offset);
        Pci.Config.Define(at + 12, 4, (uint)length);
        return at;
    }

    private (PciBar Bar, ulong Offset, int Length)? AccessedRegisters(int configOffset)
    {
        if (configOffset < _access + AccessData || configOffset >= _access + AccessData + 4)
            return null;
        var (index, offset) = (Pci.Config.Read(_access + AccessBar, 1), Pci.Config.Read(_access + AccessOffset, 4));
        var length = Pci.Config.Read(_access + AccessLength, 4);
        return length is 1 or 2 or 4 && offset % length == 0 && Pci.Bars.FirstOrDefault(b => b.Index == (int)index) is { } bar && offset + (ulong)length <= bar.Size
            ? (bar, offset, (int)length) : null;
    }

    private byte TakeInterrupts()
    {
        var value = Core.TakeInterrupts();
        DrivePin();
        return value;
    }

    private void Interrupt(int vector)
    {
        if (Pci.Msix!.IsEnabled)
            Pci.Msix.Signal(vector);
        else
            DrivePin();
    }

    private void DrivePin() => Pci.SetInterrupt(Core.Interrupts != 0 && !Pci.Msix!.IsEnabled);
}
