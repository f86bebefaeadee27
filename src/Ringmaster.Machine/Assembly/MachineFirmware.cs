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
    private readonly FirmwareConfig _files;

    private MachineFirmware(MachineConfig config, FirmwareConfig files, FirmwareImage image) => (_config, _files, Image) = (config, files, image);

    /// <summary>Its code.</summary>
    public FirmwareImage Image { get; }

    /// <summary>Reads its code.</summary>
    /// <exception cref="MachineSetupException">It cannot be read.</exception>
    public static MachineFirmware Read(MachineConfig config, FirmwareConfig files) =>
        new(config, files, new FirmwareImage(MachineFile.Read(files.Path, "firmware")));

    /// <summary>Connects the flash memory for its variables, which ends where the code begins.</summary>
    /// <exception cref="MachineSetupException">There is no room for it, or what it begins with cannot be read.</exception>
    public void Plug(PcPlatform platform, MachineHost host)
    {
        var kept = host.FirmwareVariables
            ?? (_files.VariablesTemplate is { } template ? new LostFlash(MachineFile.Read(template, "file of the firmware's variables")) : null);
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
