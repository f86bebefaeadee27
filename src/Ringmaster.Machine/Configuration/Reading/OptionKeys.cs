namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>The names of a machine's options: keys in a file, and after two dashes on the command line.</summary>
public static class OptionKeys
{
    /// <summary>See <see cref="MachineConfig.Firmware"/>.</summary>
    public const string Firmware = "firmware";

    /// <summary>See <see cref="MachineConfig.Boot"/>.</summary>
    public const string Boot = "boot";

    /// <summary>See <see cref="MachineConfig.Kernel"/>.</summary>
    public const string Kernel = "kernel";

    /// <summary>See <see cref="MachineConfig.Initrds"/>.</summary>
    public const string Initrd = "initrd";

    /// <summary>See <see cref="MachineConfig.CommandLine"/>.</summary>
    public const string Append = "append";

    /// <summary>See <see cref="MachineConfig.Type"/>.</summary>
    public const string Machine = "machine";

    /// <summary>See <see cref="MachineConfig.Memory"/>.</summary>
    public const string Memory = "memory";

    /// <summary>See <see cref="MachineConfig.Cpus"/>.</summary>
    public const string Cpus = "cpus";

    /// <summary>See <see cref="MachineConfig.Cpu"/>.</summary>
    public const string Cpu = "cpu";

    /// <summary>See <see cref="MachineConfig.Paravirtual"/>.</summary>
    public const string Paravirt = "paravirt";

    /// <summary>See <see cref="MachineConfig.Paravirtual"/>.</summary>
    public const string HyperV = "hyperv";

    /// <summary>See <see cref="MachineConfig.Engine"/>.</summary>
    public const string Engine = "engine";

    /// <summary>See <see cref="MachineConfig.Entry"/>.</summary>
    public const string Entry = "entry";

    /// <summary>See <see cref="MachineConfig.LoadAddress"/>.</summary>
    public const string Load = "load";

    /// <summary>See <see cref="MachineConfig.Serials"/>.</summary>
    public const string Serial = "serial";

    /// <summary>See <see cref="MachineConfig.Display"/>.</summary>
    public const string Display = "display";

    /// <summary>See <see cref="MachineConfig.HasScreen"/>.</summary>
    public const string Vga = "vga";

    /// <summary>Diskette images, which are among <see cref="MachineConfig.Disks"/>.</summary>
    public const string Floppy = "floppy";

    /// <summary>See <see cref="MachineConfig.Inputs"/>.</summary>
    public const string Input = "input";

    /// <summary>See <see cref="MachineConfig.Consoles"/>.</summary>
    public const string Console = "console";

    /// <summary>See <see cref="MachineConfig.Vsock"/>.</summary>
    public const string Vsock = "vsock";

    /// <summary>See <see cref="MachineConfig.HasBalloon"/>.</summary>
    public const string Balloon = "balloon";

    /// <summary>See <see cref="MachineConfig.Shares"/>.</summary>
    public const string Share = "share";

    /// <summary>See <see cref="MachineConfig.Devices"/>.</summary>
    public const string Device = "device";

    /// <summary>See <see cref="MachineConfig.Networks"/>.</summary>
    public const string Net = "net";

    /// <summary>See <see cref="MachineConfig.Publishes"/>.</summary>
    public const string Publish = "publish";

    /// <summary>See <see cref="MachineConfig.Disks"/>.</summary>
    public const string Disk = "disk";

    /// <summary>CD-ROM images, which are among <see cref="MachineConfig.Disks"/>.</summary>
    public const string Cdrom = "cdrom";

    /// <summary>Those that may be given several times, and take lists in a file.</summary>
    public static IReadOnlyList<string> Lists { get; } = [Initrd, Serial, Device, Net, Publish, Disk, Cdrom, Floppy, Share, Input, Console];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Firmware, Boot, Kernel, Initrd, Append, Machine, Memory, Cpus, Cpu, Engine, Paravirt, HyperV, Entry, Load, Serial, Display, Vga, Input, Device, Net, Publish, Disk,
        Cdrom, Floppy, Share, Console, Vsock, Balloon,
    ];
}
