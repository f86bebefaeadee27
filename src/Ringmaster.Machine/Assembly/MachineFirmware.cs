using Ringmaster.Backends.Flash;
using Ringmaster.Devices.Flash;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.Serial;
using Ringmaster.Firmware.Boot;
using Ringmaster.Firmware.FwCfg;
using Ringmaster.Machine.Configuration;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Assembly;

/// <summary>The firmware of a machine: its code in ROM, its variables in flash below that, and what it is told.</summary>
internal sealed class MachineFirmware
{
    private readonly MachineConfig _config;
    private readonly byte[]? _template;

    private MachineFirmware(MachineConfig config, FirmwareImage image, byte[]? template) => (_config, Image, _template) = (config, image, template);

    /// <summary>Its code.</summary>
    public FirmwareImage Image { get; }

    /// <summary>Reads its files.</summary>
    /// <exception cref="MachineSetupException">One cannot be read.</exception>
    public static MachineFirmware Read(MachineConfig config, FirmwareConfig files) => new(
        config, new FirmwareImage(GuestImage.ReadFile(files.Path, "firmware")),
        files.VariablesTemplate is { } template ? GuestImage.ReadFile(template, "file of the firmware's variables") : null);

    /// <summary>Connects the flash memory for its variables, which ends where the code begins.</summary>
    /// <exception cref="MachineSetupException">There is no room for it.</exception>
    public void Plug(PcPlatform platform, MachineHost host)
    {
        var kept = host.FirmwareVariables ?? (_template is null ? null : new LostFlash(_template));
        if (kept is null)
            return;
        // Below that are the registers of APICs and HPET.
        const int mostBytes = 16 << 20;
        if (kept.Content.Length + Image.Rom.Content.Length > mostBytes)
            throw new MachineSetupException($"The firmware and its variables have more than {mostBytes} bytes together. Name the files that belong together.");
        platform.AddBoard(new CfiFlash(new GuestPhysicalAddress(Image.Rom.Start.Value - (ulong)kept.Content.Length), kept));
    }

    /// <summary>Adds what it is told about booting.</summary>
    /// <exception cref="MachineSetupException">The option ROM that starts the kernel cannot be read.</exception>
    public FwCfgPlatform Describe(FwCfgPlatform platform, PciBus bus)
    {
        var order = BootOrder.Of(_config, bus);
        // UEFI firmware starts a kernel by itself.
        var startsKernel = platform.Kernel is not null && _config.Firmware is { HasVariables: false };
        return platform with
        {
            BootMenu = _config.Boot.Menu,
            BootOrder = startsKernel ? [FwCfgContent.OptionRomPath(OptionRom.KernelStarter), .. order] : order,
            OptionRoms = startsKernel ? [(OptionRom.KernelStarter, OptionRom.ReadKernelStarter())] : [],
            // Without a screen the serial port is where somebody looks.
            SerialConsole = _config.Display is DisplayConfig.None && _config.Serials.Count > 0 ? new IoPort(Uart16550.Com1) : null,
        };
    }
}
