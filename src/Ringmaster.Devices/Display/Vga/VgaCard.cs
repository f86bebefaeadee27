using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Display.Vga;

/// <summary>
/// The PCI function of a <see cref="VgaDevice"/>: frame buffer, registers, and the ROM with its BIOS. What the guest draws is the
/// device's state; this has only that of the function.
/// </summary>
public sealed class VgaCard : StatefulDevice<PciFunctionState>, IPciDevice, IConfigHook
{
    private const int FrameBufferBar = 0, RegistersBar = 2;

    private readonly PciBar _frameBuffer;
    private GuestPhysicalAddress? _last;

    /// <summary>Creates the function.</summary>
    /// <param name="vga">What is behind it.</param>
    /// <param name="rom">The BIOS that firmware runs; empty for none.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public VgaCard(VgaDevice vga, ReadOnlyMemory<byte> rom, string name = "vga0-pci") : base(name)
    {
        ArgumentNullException.ThrowIfNull(vga);
        // The identity under which Bochs's display is known.
        Pci = new PciFunction(new PciIdentity(0x1234, 0x1111, 0x03_0000) { Revision = 2, SubsystemVendor = 0x1AF4, Subsystem = 0x1100 }, pin: 0, this);
        _frameBuffer = Pci.AddBar(FrameBufferBar, PciBarKind.Prefetchable32, (ulong)vga.FrameBufferSize, new FrameBufferBlock(vga));
        Pci.AddBar(RegistersBar, PciBarKind.Memory32, VgaDevice.RegistersSize, new Registers(vga));
        Pci.AddRom(rom);
        Pci.Reset();
    }

    /// <inheritdoc/>
    public PciFunction Pci { get; }

    /// <summary>Where the guest has placed the linear frame buffer; null where it does not answer.</summary>
    public GuestPhysicalAddress? FrameBuffer => _frameBuffer.IsEnabled ? new GuestPhysicalAddress(_frameBuffer.Address) : null;

    /// <summary>Told when <see cref="FrameBuffer"/> has changed.</summary>
    public Action? FrameBufferMoved { get; set; }

    /// <inheritdoc/>
    protected override string StateKind => "vga-pci";

    /// <inheritdoc/>
    protected override JsonTypeInfo<PciFunctionState> StateType => PciStateJson.Default.PciFunctionState;

    /// <inheritdoc/>
    public override void Reset()
    {
        Pci.Reset();
        Look();
    }

    /// <inheritdoc/>
    void IConfigHook.Reading(int offset, int size)
    {
    }

    /// <inheritdoc/>
    void IConfigHook.Written(int offset, int size) => Look();

    /// <inheritdoc/>
    protected override PciFunctionState Capture() => Pci.Capture();

    /// <inheritdoc/>
    protected override void Apply(PciFunctionState state)
    {
        Pci.Check(Name, state);
        Pci.Apply(state);
        Look();
    }

    private void Look()
    {
        var now = FrameBuffer;
        if (_last == now)
            return;
        _last = now;
        FrameBufferMoved?.Invoke();
    }

    private sealed class FrameBufferBlock(VgaDevice vga) : IRegisterBlock
    {
        public ulong Read(ulong offset, int size) => vga.ReadFrameBuffer(offset, size);

        public void Write(ulong offset, int size, ulong value) => vga.WriteFrameBuffer(offset, size, value);
    }

    private sealed class Registers(VgaDevice vga) : IRegisterBlock
    {
        public ulong Read(ulong offset, int size) => vga.ReadRegisters(offset, size);

        public void Write(ulong offset, int size, ulong value) => vga.WriteRegisters(offset, size, value);
    }
}
