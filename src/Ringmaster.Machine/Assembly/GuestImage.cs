using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Devices.Chipset.AcpiPm;
using Ringmaster.Devices.Chipset.HotPlug;
using Ringmaster.Devices.FwCfg;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Serial;
using Ringmaster.Firmware;
using Ringmaster.Firmware.Acpi;
using Ringmaster.Firmware.Boot;
using Ringmaster.Firmware.FwCfg;
using Ringmaster.Firmware.Mp;
using Ringmaster.Firmware.Smbios;
using Ringmaster.Machine.Configuration;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Assembly;

/// <summary>
/// What a machine starts: firmware, or a kernel and the tables that firmware would have made. Kept, for the guest may reset
/// itself.
/// </summary>
internal sealed class GuestImage : IDisposable
{
    private readonly MachineConfig _config;
    private readonly ResolvedCpu _cpu;
    private readonly MachineFirmware? _firmware;
    private readonly KernelFiles? _kernel;
    private AcpiTables? _acpi;
    private MpTables? _mp;

    private GuestImage(MachineConfig config, ResolvedCpu cpu, MachineFirmware? firmware, KernelFiles? kernel)
    {
        _firmware = firmware;
        _config = config;
        _cpu = cpu;
        _kernel = kernel;
    }

    /// <summary>Reads firmware, and opens the kernel and its initrds.</summary>
    /// <exception cref="MachineSetupException">One cannot be read or used.</exception>
    public static GuestImage Read(MachineConfig config, ResolvedCpu cpu) => Checked(() =>
    {
        var firmware = config.Firmware is { } files ? MachineFirmware.Read(config, files) : null;
        return new GuestImage(config, cpu, firmware, config.Kernel is { } kernel ? new KernelFiles(config, kernel) : null);
    });

    /// <summary>Read-only memory that the machine needs.</summary>
    public IReadOnlyList<RomImage> Roms => _firmware is null ? [ResetRom.Image] : [_firmware.Image.Rom];

    private AcpiTables Acpi => _acpi ?? throw new InvalidOperationException("The platform has not been described yet.");

    /// <summary>Says what the ACPI and MP tables are to tell of the board.</summary>
    /// <param name="platform">The board.</param>
    /// <param name="layout">Where PCI devices can be.</param>
    /// <param name="cpus">How many vCPUs there are.</param>
    public void DescribePlatform(PcPlatform platform, PciLayout layout, int cpus)
    {
        var described = Platform(_config, platform, layout, cpus);
        _acpi = AcpiTables.Build(described);
        _mp = MpTables.Build(described, new MpProcessor(_cpu.Model.Signature, Flag("fpu", 0) | Flag("mce", 7) | Flag("cx8", 8) | Flag("apic", 9)));
    }

    /// <summary>Fills RAM and says how the bootstrap processor starts.</summary>
    /// <exception cref="MachineSetupException">The kernel cannot be used.</exception>
    public BootResult Load(GuestMemory memory)
    {
        // IA32_MISC_ENABLE.MONITOR is set where there is such a feature; without it CPUID would not show it (SDM 4 table 2-2).
        const ulong monitor = 1 << 18;
        var result = Checked(() => _firmware is null ? LoadKernel(memory) : _firmware.Image.Load(memory, _cpu.Model.Signature));
        if (_cpu.Features.Contains("monitor"))
            result.Cpu.Msr.MiscEnable |= monitor;
        return result;
    }

    /// <summary>Connects what firmware needs on the board.</summary>
    public void PlugFirmware(PcPlatform platform, MachineHost host) => _firmware?.Plug(platform, host);

    /// <summary>Fills the firmware configuration device.</summary>
    public void Describe(FwCfgDevice device, PciBus bus, GuestMemory memory)
    {
        var platform = new FwCfgPlatform(memory.Ranges, _config.PresentCpus ?? _config.Cpus.Count)
        {
            MaxCpuCount = _config.Cpus.Count,
            Acpi = Acpi,
            Smbios = Smbios(memory),
        };
        // Without firmware nobody would ask for the kernel.
        var content = Checked(() => _firmware is null || _kernel is null ? Build(null) : _kernel.Read(Build));
        foreach (var (key, bytes) in content.Items)
            device.AddItem((ushort)key, bytes);
        foreach (var (name, bytes) in content.Files)
            device.AddFile(name, bytes);

        FwCfgContent Build(BootRequest? kernel) =>
            FwCfgContent.Build(_firmware is null ? platform : _firmware.Describe(platform with { Kernel = kernel }, bus));
    }

    /// <inheritdoc/>
    public void Dispose() => _kernel?.Dispose();

    private BootResult LoadKernel(GuestMemory memory)
    {
        if (_kernel is null)
            throw new MachineSetupException("There is nothing to start. Name a kernel or firmware.");
        var map = MemoryMap.ForPc(memory);
        var rsdp = Acpi.Install(memory);
        Smbios(memory).Install(memory);
        _mp?.Install(memory);
        // Only Linux has a use for a command line and initrds that other kernels would refuse.
        var result = _kernel.Read(request => KernelImage.Load(request with { Rsdp = rsdp }, memory, map));
        result.Cpu.Registers[2] = result.Cpu.Registers[2] == 0 ? _cpu.Model.Signature : result.Cpu.Registers[2];
        return result;
    }

    private uint Flag(string feature, int bit) => _cpu.Features.Contains(feature) ? 1u << bit : 0;

    private static T Checked<T>(Func<T> load)
    {
        try
        {
            return load();
        }
        catch (KernelLoadException error)
        {
            throw new MachineSetupException(error.Message, error);
        }
    }

    private SmbiosTables Smbios(GuestMemory memory) => SmbiosTables.Build(new SmbiosPlatform(_config.Cpus.Count, memory.Ranges)
    {
        Sockets = _config.Cpus.Sockets,
        CpuManufacturer = _cpu.Model.Vendor,
        CpuName = _cpu.Model.Brand.Trim(),
        CpuSignature = _cpu.Model.Signature,
        CpuMegahertz = 1000,
    });

    private static AcpiPlatform Platform(MachineConfig config, PcPlatform platform, PciLayout layout, int cpus)
    {
        var chipset = platform.Chipset;
        var pm = AcpiPmLayout.Default;
        return new AcpiPlatform(cpus)
        {
            MaxCpuCount = config.Cpus.Count,
            CpuHotplug = platform.CpuHotplug,
            HasVga = platform.Vga is not null,
            HasFloppies = config.Disks.Any(disk => disk.Interface == DiskInterface.Floppy),
            Pci = new AcpiPci((device, pin) => chipset.GsiOf(chipset.WireOf(PciAddress.OnBus0(device), pin)), [layout.Low, layout.High])
            {
                Ecam = PciLayout.EcamOf(config.Type),
                Hotplug = new AcpiPciHotplug(PciHotplugPorts.Ports, platform.HotPlug.Slots, PciHotplugPorts.Event),
            },
            ApicIds = [.. config.Cpus.Indices.Select(config.Cpus.ApicIdOf)],
            SerialPorts =
            [
                new(new IoPort(Uart16550.Com1), 4), new(new IoPort(Uart16550.Com2), 3),
                new(new IoPort(Uart16550.Com3), 4), new(new IoPort(Uart16550.Com4), 3),
            ],
            Power = new AcpiPowerPorts
            {
                Pm1aEvent = pm.Pm1aEvent,
                Pm1aControl = pm.Pm1aControl,
                Timer = pm.PmTimer,
                TimerHas32Bits = true,
                Gpe0 = pm.Gpe0,
                Gpe0Length = AcpiPmLayout.Gpe0Length,
                SmiCommand = AcpiPmLayout.SmiCommand,
                EnableValue = AcpiPmLayout.AcpiEnable,
                DisableValue = AcpiPmLayout.AcpiDisable,
                SciIrq = AcpiPmLayout.SciInterrupt,
                SoftOffSleepType = AcpiPmLayout.SleepTypeS5,
                Reset = AcpiPmLayout.ResetRegister,
                ResetValue = AcpiPmLayout.ResetValue,
            },
        };
    }
}
