namespace Ringmaster.Devices.Pci;

/// <summary>
/// A function on a PCI bus: configuration space, base address registers, interrupts. A device makes one, says what it has, and is
/// told through <see cref="IRegisterBlock"/> what the guest does.
/// </summary>
public sealed class PciFunction
{
    private const int MultifunctionFlag = 0x80, RomIndex = 6;

    private readonly List<PciBar> _bars = [];
    private readonly List<PciDoorbell> _doorbells = [];
    private IPciRoot? _root;

    /// <summary>Makes a function.</summary>
    /// <param name="identity">What it tells about itself.</param>
    /// <param name="pin">Its interrupt pin, 1 for INTA to 4 for INTD; 0 for none.</param>
    /// <param name="hook">Told of configuration accesses, if the device wants to be.</param>
    public PciFunction(PciIdentity identity, int pin = 0, IConfigHook? hook = null)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)pin, 4u);
        Pin = pin;
        Hook = hook;
        Config.Define(PciRegister.Vendor, 2, identity.Vendor);
        Config.Define(PciRegister.Device, 2, identity.Device);
        Config.Define(PciRegister.Command, 2, 0, 0x0547);
        Config.Define(PciRegister.Status, 2, 0, clearable: 0xF900);
        Config.Define(PciRegister.Revision, 4, identity.Class << 8 | identity.Revision);
        Config.Define(PciRegister.CacheLineSize, 1, 0, 0xFF);
        Config.Define(PciRegister.LatencyTimer, 1, 0, 0xFF);
        Config.Define(PciRegister.HeaderType, 1, identity.IsMultifunction ? MultifunctionFlag : 0u);
        Config.Define(PciRegister.SubsystemVendor, 4, identity.SubsystemVendor | (uint)identity.Subsystem << 16);
        Config.Define(PciRegister.InterruptLine, 1, 0, pin == 0 ? 0u : 0xFF);
        Config.Define(PciRegister.InterruptPin, 1, (uint)pin);
    }

    /// <summary>The configuration space.</summary>
    public PciConfigSpace Config { get; } = new();

    /// <summary>The interrupt pin, 1 for INTA to 4 for INTD; 0 for none.</summary>
    public int Pin { get; }

    /// <summary>The base address registers.</summary>
    public IReadOnlyList<PciBar> Bars => _bars;

    /// <summary>Registers that are doorbells.</summary>
    public IReadOnlyList<PciDoorbell> Doorbells => _doorbells;

    /// <summary>MSI-X, if the function has it.</summary>
    public MsixTable? Msix { get; private set; }

    /// <summary>MSI, if the function has it.</summary>
    public Msi? Msi { get; private set; }

    /// <summary>Whether the function may access memory.</summary>
    public bool IsBusMaster => (Command & PciRegister.CommandBusMaster) != 0;

    /// <summary>Whether the device asserts its interrupt pin, whatever the command register says about it.</summary>
    public bool Interrupt { get; private set; }

    internal IConfigHook? Hook { get; }

    private uint Command => Config.Read(PciRegister.Command, 2);

    /// <summary>Adds a base address register and what is behind it.</summary>
    /// <param name="index">0 to 5; 64-bit ones take the next one too. 6 for the expansion ROM.</param>
    /// <param name="kind">Where it places the block.</param>
    /// <param name="size">Bytes or ports; a power of two.</param>
    /// <param name="registers">What is behind it.</param>
    public PciBar AddBar(int index, PciBarKind kind, ulong size, IRegisterBlock registers)
    {
        var bar = new PciBar(Config, index, kind, size, registers);
        _bars.Add(bar);
        return bar;
    }

    /// <summary>Says that a register is a doorbell. Its block still takes the writes that are made to it.</summary>
    public void AddDoorbell(PciDoorbell doorbell) => _doorbells.Add(doorbell);

    /// <summary>Adds an expansion ROM.</summary>
    /// <param name="content">What it holds; empty for none.</param>
    public void AddRom(ReadOnlyMemory<byte> content)
    {
        if (content.IsEmpty)
            return;
        var rom = new ExpansionRom(content);
        AddBar(RomIndex, PciBarKind.Rom, rom.Size, rom);
    }

    /// <summary>Adds MSI-X, with its table behind a base address register of its own.</summary>
    /// <param name="vectors">1 to <see cref="MsixTable.Most"/>.</param>
    /// <param name="bar">Which one, 0 to 5.</param>
    public MsixTable AddMsix(int vectors, int bar)
    {
        Msix = new MsixTable(Config, vectors, bar, Send);
        AddBar(bar, PciBarKind.Memory32, Msix.BlockSize, Msix);
        return Msix;
    }

    /// <summary>Adds MSI.</summary>
    /// <param name="vectors">1, 2, 4, 8, 16 or 32.</param>
    public Msi AddMsi(int vectors) => Msi = new Msi(Config, vectors, Send);

    /// <summary>Connects the function to a bus, or to none.</summary>
    public void Connect(IPciRoot? root)
    {
        _root = root;
        root?.Moved();
        DrivePin();
    }

    /// <summary>Asserts or releases the interrupt pin.</summary>
    public void SetInterrupt(bool asserted)
    {
        if (Interrupt == asserted)
            return;
        Interrupt = asserted;
        DrivePin();
    }

    /// <summary>Software reads the configuration space.</summary>
    /// <param name="offset">The first byte, 0 to 4095.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    public uint ReadConfig(int offset, int size)
    {
        Hook?.Reading(offset, size);
        return Config.Read(offset, size);
    }

    /// <summary>Software writes the configuration space.</summary>
    /// <param name="offset">The first byte, 0 to 4095.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">Bytes above <paramref name="size"/> are ignored.</param>
    public void WriteConfig(int offset, int size, uint value)
    {
        Config.Write(offset, size, value);
        if (offset < PciRegister.RomBar + 4)
        {
            _root?.Moved();
            DrivePin();
        }
        else if (offset >= PciRegister.Capabilities)
        {
            Msix?.ControlChanged();
            Msi?.ControlChanged();
            DrivePin();
        }
        Hook?.Written(offset, size);
    }

    /// <summary>Puts the function into its power-on state.</summary>
    public void Reset()
    {
        Interrupt = false;
        Config.Reset();
        Msix?.Reset();
        _root?.Moved();
        DrivePin();
    }

    /// <summary>Takes the state.</summary>
    public PciFunctionState Capture()
    {
        var (table, pending) = Msix?.Capture() ?? default;
        return new PciFunctionState(Config.Capture(), Interrupt, table, pending, Msi?.PendingBits ?? 0);
    }

    /// <summary>Looks whether a state is this function's.</summary>
    /// <param name="name">The device's name, for the message.</param>
    /// <param name="state">The state.</param>
    /// <exception cref="State.SavedStateException">It is not.</exception>
    public void Check(string name, PciFunctionState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Msix?.Check(name, state.MsixTable, state.MsixPending);
    }

    /// <summary>Takes on a state that has been checked.</summary>
    public void Apply(PciFunctionState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Config.Apply(state.Config);
        Msix?.Apply(state.MsixTable!, state.MsixPending!);
        if (Msi is { } msi)
            msi.PendingBits = state.MsiPending;
        Interrupt = state.Interrupt;
        _root?.Moved();
        DrivePin();
    }

    /// <summary>A function that interrupts by messages does not drive its pin (PCI Local Bus 3.0 section 6.8.3.3).</summary>
    private void DrivePin()
    {
        if (Pin == 0)
            return;
        var status = Config.Read(PciRegister.Status, 2);
        Config.Set(PciRegister.Status, 2, Interrupt ? status | PciRegister.StatusInterrupt : status & ~(uint)PciRegister.StatusInterrupt);
        _root?.SetInterrupt(Interrupt && (Command & PciRegister.CommandInterruptDisable) == 0 && Msix is not { IsEnabled: true } && Msi is not { IsEnabled: true });
    }

    private void Send(ulong address, uint data)
    {
        if (IsBusMaster)
            _root?.SendMessage(address, data);
    }
}
