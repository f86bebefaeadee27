using Ringmaster.Devices;
using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Chipset.AcpiPm;
using Ringmaster.Devices.Chipset.HotPlug;
using Ringmaster.Devices.Chipset.Hpet;
using Ringmaster.Devices.Chipset.InterruptController;
using Ringmaster.Devices.Chipset.IntervalTimer;
using Ringmaster.Devices.Chipset.KeyboardController;
using Ringmaster.Devices.Chipset.Pci;
using Ringmaster.Devices.Chipset.RealTimeClock;
using Ringmaster.Devices.Chipset.SystemControl;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Debug;
using Ringmaster.Devices.Display;
using Ringmaster.Devices.Display.Vga;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.FwCfg;
using Ringmaster.Devices.Input;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Serial;
using Ringmaster.Devices.Storage.Ide;
using Ringmaster.Devices.Virtio.Balloon;
using Ringmaster.Firmware.Acpi;
using Ringmaster.Machine.Assembly.Cards;
using Ringmaster.Machine.Configuration;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Assembly;

/// <summary>The board of a PC: all devices, their wires and buses. What varies comes from the configuration.</summary>
internal sealed class PcPlatform
{
    private static readonly (ushort Port, int Irq)[] s_serialPorts =
        [(Uart16550.Com1, 4), (Uart16550.Com2, 3), (Uart16550.Com3, 4), (Uart16550.Com4, 3)];

    private static readonly IoPort s_q35CpuPorts = new(0xCD8), s_pcCpuPorts = new(0xAF00);

    private readonly List<IDevice> _devices = [];
    private readonly GsiRouter _router;
    private readonly PciLayout _pciLayout;
    private readonly bool _placesPci;
    private readonly PiixIde? _ide;
    private readonly Mc146818 _rtc;
    private readonly CpuHotplugPorts? _cpus;

    public PcPlatform(
        MachineConfig config, MachineHost host, GuestMemory memory, PciLayout pciLayout, IVmClock clock, MachineRequests requests, DeviceCalls calls)
    {
        _pciLayout = pciLayout;
        _placesPci = config.Firmware is null;
        Pci = new PciBus((address, pin) => Chipset!.Wires.Connect(Chipset.WireOf(address, pin)), (address, data) => ApicBus.DeliverMsi(address, (uint)data));
        (Ports, Mmio) = (new PortBus(Pci), new MmioBus(Pci));
        // One wire leads to all processors; software lets one of them take the interrupts.
        var intr = new InterruptLine(level =>
        {
            foreach (var apic in LocalApics)
                apic.Lint0.Set(level);
        });
        Pic = Add(new PicPair(intr));
        var unused = new InterruptLine(_ => { });
        IoApic = Add(new IoApic("ioapic", ApicBus));
        _router = new GsiRouter([.. Enumerable.Range(0, GsiRouter.IsaCount).Select(irq => irq == 2 ? unused : Pic.Input(irq))], IoApic);

        var hpet = Add(new HpetDevice("hpet", new HpetWiring(
            clock, _router.ConnectIsa(0), _router.ConnectIsa(8), _router.ConnectGsi, (address, data) => ApicBus.DeliverMsi(address, data))));
        var pit = Add(new Pit(clock, hpet.PitInput));
        Add(new SystemControlB(pit));
        var present = config.PresentCpus ?? config.Cpus.Count;
        _rtc = Add(new Mc146818(clock, hpet.RtcInput, CmosContent.For(PciLayout.EndBelow4Gib(memory), HighRam(memory), present, BoardDisks.Drives(config, host))));
        var gate = new A20Gate();
        Add(new SystemControlA(gate, requests.AskReset));
        var keyboard = Add(new I8042(_router.ConnectIsa(1), _router.ConnectIsa(12), gate, requests.AskReset));
        PowerManagement = Add(new AcpiPmBlock("pm", new AcpiPmWiring(clock, _router.ConnectGsi(AcpiPmLayout.SciInterrupt), type =>
        {
            if (type == AcpiPmLayout.SleepTypeS5)
                requests.End(new RunOutcome.PoweredOff());
        })));
        var reset = Register(new ResetControl("reset", _ => requests.AskReset()));
        Add(new PciConfigPorts(Pci, reset));
        Chipset = config.Type == MachineType.Pc ? new I440FxChipset(_router, AcpiPmLayout.Default.Base) : new Q35Chipset(Pci, _router, AcpiPmLayout.Default.Base);
        foreach (var (address, function) in Chipset.Functions)
            Pci.Attach(address, Register(function));
        FwCfg = Add(new FwCfgDevice("fwcfg", memory));

        for (var i = 0; i < s_serialPorts.Length; i++)
            AddSerialPort(i, i < host.Serials.Count ? host.Serials[i] : null, clock, calls.MachineLock);
        foreach (var device in config.Devices)
            AddOptional(device, host, memory, requests);
        DeviceMemory? video = null;
        if (HasScreen(config, host))
        {
            // A comparing engine has a copy of RAM alone; there, accesses to video memory stay exits.
            video = config.Engine.Compares ? null : new DeviceMemory(VgaDevice.DefaultMemory);
            Vga = Add(new VgaDevice(clock, memory: video?.Memory ?? default));
        }
        var dma = new DmaSpace(memory);
        var names = new CardNames(config, this);
        var disks = new BoardDisks(config, host, names, calls);
        disks.AddFloppies(this, dma, config.Devices.Any(d => d is DeviceConfig.TestDevice));
        Slots = new PciSlots(this);
        var factory = new CardFactory(config.Cpus.Count, dma, clock, calls);
        var cards = new PciCards(config, host, Slots, factory, names);
        cards.Plug(Vga, disks, dma);
        if (video is not null && cards.Vga is { } card)
            card.FrameBufferMoved = new FrameBufferView(memory, video, card, pciLayout, requests).Moved;
        Balloon = cards.Balloon;
        _ide = disks.AddIde(this, config.Type, dma);
        HotPlug = new HotPlug(Slots, factory, names, () => PowerManagement.RaiseGpe(PciHotplugPorts.Event), host.Left);
        Add(HotPlug.Ports);
        if (present < config.Cpus.Count)
        {
            _cpus = Add(new CpuHotplugPorts(
                config.Type == MachineType.Pc ? s_pcCpuPorts : s_q35CpuPorts, [.. config.Cpus.Indices.Select(config.Cpus.ApicIdOf)], present,
                () => PowerManagement.RaiseGpe(CpuHotplugPorts.Event)));
            CpuHotplug = new AcpiCpuHotplug(_cpus.PortRanges[0].First, CpuHotplugPorts.Event);
        }
        if (Vga is not null)
        {
            Console = new LockedConsole(calls.MachineLock, Vga,
                cards.Keyboard is { } modern ? new SwitchingKeyboard(modern, keyboard) : keyboard,
                cards.Tablet is { } tablet ? new SwitchingPointer(tablet, keyboard) : keyboard);
            host.Display?.Connect(Console);
        }
        PlacePci();
    }

    /// <summary>Whether a machine has a screen.</summary>
    public static bool HasScreen(MachineConfig config, MachineHost host) => config.HasScreen || host.Display is not null;

    /// <summary>The I/O port space.</summary>
    public PortBus Ports { get; }

    /// <summary>Device memory outside RAM; the local APICs are not on it, since each vCPU sees only its own.</summary>
    public MmioBus Mmio { get; }

    /// <summary>The PCI bus.</summary>
    public PciBus Pci { get; }

    /// <summary>The screen, if there is one.</summary>
    public VgaDevice? Vga { get; }

    /// <summary>The slots of the PCI bus and what is in them.</summary>
    public PciSlots Slots { get; }

    /// <summary>What comes to the bus and leaves it.</summary>
    public HotPlug HotPlug { get; }

    /// <summary>How processors come, if some can.</summary>
    public AcpiCpuHotplug? CpuHotplug { get; }

    /// <summary>The memory balloon, if there is one.</summary>
    public VirtioBalloon? Balloon { get; }

    /// <summary>The screen, keyboard and pointer for people outside, if there is a screen.</summary>
    public IConsole? Console { get; }

    /// <summary>What controls it.</summary>
    public IPciChipset Chipset { get; }

    /// <summary>The bus between APICs.</summary>
    public ApicBus ApicBus { get; } = new();

    /// <summary>The local APICs, by vCPU.</summary>
    public List<LocalApic> LocalApics { get; } = [];

    /// <summary>The 8259 pair.</summary>
    public PicPair Pic { get; }

    /// <summary>The I/O APIC.</summary>
    public IoApic IoApic { get; }

    /// <summary>ACPI fixed hardware.</summary>
    public AcpiPmBlock PowerManagement { get; }

    /// <summary>What firmware is told.</summary>
    public FwCfgDevice FwCfg { get; }

    /// <summary>All devices, in the order in which they are reset and restored: interrupt controllers first.</summary>
    public IEnumerable<IDevice> Devices => LocalApics.Concat(_devices);

    /// <summary>Adds a vCPU's local APIC.</summary>
    public void AddLocalApic(LocalApic apic) => LocalApics.Add(apic);

    /// <summary>Tells the guest that processors have come.</summary>
    /// <param name="present">How many there are now.</param>
    public void AnnounceCpus(int present)
    {
        _rtc.SetCell(CmosContent.MoreCpus, (byte)(present - 1));
        _cpus?.Add(present);
    }

    /// <summary>What devices there are.</summary>
    public IReadOnlyList<DeviceSummary> Describe()
    {
        var places = Pci.Functions.ToDictionary(f => f.Device.Name, f => f.Address.ToString());
        return [.. Devices.Select(d => new DeviceSummary(d.Name, d.Kind, places.GetValueOrDefault(d.Name)))];
    }

    /// <summary>Puts every device into its power-on state.</summary>
    public void Reset()
    {
        HotPlug.EjectLeaving();
        foreach (var device in Devices)
            device.Reset();
        PlacePci();
    }

    /// <summary>Without firmware nobody else would give PCI devices their places.</summary>
    private void PlacePci()
    {
        if (_placesPci)
        {
            PciPlacement.Place(Pci, Chipset, _pciLayout);
            _ide?.EnableChannels();
        }
        else
        {
            _ide?.DecodeChannels();
        }
    }

    private void AddSerialPort(int index, ISerialBackend? backend, IVmClock clock, Lock machineLock)
    {
        var (port, irq) = s_serialPorts[index];
        var uart = Add(new Uart16550(clock, _router.ConnectIsa(irq), backend, new IoPort(port), $"uart{index}"));
        backend?.Connect(bytes =>
        {
            lock (machineLock)
                return uart.Receive(bytes);
        });
    }

    private void AddOptional(DeviceConfig device, MachineHost host, GuestMemory memory, MachineRequests requests)
    {
        switch (device)
        {
            case DeviceConfig.TestDevice:
                // Characters that a test prints on its device go where the machine's console goes.
                var console = host.Serials.FirstOrDefault(s => s is not null);
                Add(new TestDevice(_router.ConnectGsi, memory.Size, value => console?.Transmit(value)));
                break;
            case DeviceConfig.DebugExit exit:
                Add(new IsaDebugExit(code => requests.End(new RunOutcome.DebugExit(code & 0xFF)), exit.Base.Value, exit.Size));
                break;
            case DeviceConfig.DebugConsole debug:
                Add(new DebugConsole(value => host.DebugConsole?.Transmit(value), debug.Port.Value));
                break;
            default:
                throw new ArgumentException($"There is no device {device.GetType().Name}.", nameof(device));
        }
    }

    private static ulong HighRam(GuestMemory memory) =>
        memory.Ranges.Where(r => r.Start.Value >= 1UL << 32).Aggregate(0UL, (sum, range) => sum + range.Length);

    /// <summary>A new wire to an ISA interrupt.</summary>
    public IInterruptLine ConnectIsa(int irq) => _router.ConnectIsa(irq);

    /// <summary>Takes in a device that is also on the board's own buses.</summary>
    public T AddBoard<T>(T device) where T : IDevice => Add(device);

    /// <summary>Takes in a device that something else than the board's buses leads to.</summary>
    public T Register<T>(T device) where T : IDevice
    {
        _devices.Add(device);
        return device;
    }

    /// <summary>Forgets a device that nothing leads to any more.</summary>
    public void Unregister(IDevice device) => _devices.Remove(device);

    private T Add<T>(T device) where T : IDevice
    {
        Register(device);
        if (device is IPortDevice ports)
            Ports.Attach(ports);
        if (device is IMmioDevice mmio)
            Mmio.Attach(mmio);
        return device;
    }
}
