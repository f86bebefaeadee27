using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Chipset.Pci;

/// <summary>
/// A function of the chipset: registers in the configuration space that firmware and drivers look for, some of which decide how
/// the board is wired.
/// </summary>
public sealed class ChipsetFunction : StatefulDevice<PciFunctionState>, IPciDevice, IConfigHook
{
    private readonly Action<PciConfigSpace> _wire;

    /// <summary>Creates the function.</summary>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    /// <param name="identity">What it tells about itself.</param>
    /// <param name="registers">Its registers beyond the header.</param>
    /// <param name="wire">Wires the board as the registers say; called whenever they may have changed.</param>
    public ChipsetFunction(string name, PciIdentity identity, IReadOnlyList<ChipsetRegister> registers, Action<PciConfigSpace>? wire = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(registers);
        _wire = wire ?? (_ => { });
        Pci = new PciFunction(identity, hook: this);
        foreach (var register in registers)
            Pci.Config.Define(register.Offset, register.Size, register.Value, register.Writable);
        Pci.Reset();
        _wire(Pci.Config);
    }

    /// <inheritdoc/>
    public PciFunction Pci { get; }

    /// <inheritdoc/>
    protected override string StateKind => Name;

    /// <inheritdoc/>
    protected override JsonTypeInfo<PciFunctionState> StateType => PciStateJson.Default.PciFunctionState;

    /// <inheritdoc/>
    public override void Reset()
    {
        Pci.Reset();
        _wire(Pci.Config);
    }

    /// <inheritdoc/>
    void IConfigHook.Reading(int offset, int size)
    {
    }

    /// <inheritdoc/>
    void IConfigHook.Written(int offset, int size) => _wire(Pci.Config);

    /// <inheritdoc/>
    protected override PciFunctionState Capture() => Pci.Capture();

    /// <inheritdoc/>
    protected override void Apply(PciFunctionState state)
    {
        Pci.Check(Name, state);
        Pci.Apply(state);
        _wire(Pci.Config);
    }
}
