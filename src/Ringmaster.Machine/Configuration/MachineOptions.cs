using Ringmaster.Backends.Network;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Configuration;

/// <summary>
/// The part of a machine's description that one source gives: a file, the command line. Values not given are null. Sources
/// are laid over each other and then completed to a <see cref="MachineConfig"/>.
/// </summary>
public sealed record MachineOptions
{
    /// <summary>See <see cref="MachineConfig.Firmware"/>; <see cref="FirmwareConfig.None"/> if there must not be any.</summary>
    public FirmwareConfig? Firmware { get; init; }

    /// <summary>See <see cref="MachineConfig.Boot"/>.</summary>
    public BootConfig? Boot { get; init; }

    /// <summary>See <see cref="MachineConfig.Kernel"/>.</summary>
    public string? Kernel { get; init; }

    /// <summary>See <see cref="MachineConfig.Initrds"/>.</summary>
    public IReadOnlyList<string>? Initrds { get; init; }

    /// <summary>See <see cref="MachineConfig.CommandLine"/>.</summary>
    public string? CommandLine { get; init; }

    /// <summary>See <see cref="MachineConfig.Type"/>.</summary>
    public MachineType? Type { get; init; }

    /// <summary>See <see cref="MachineConfig.Memory"/>.</summary>
    public ByteSize? Memory { get; init; }

    /// <summary>See <see cref="MachineConfig.MemoryBacking"/>.</summary>
    public MemoryBacking? MemoryBacking { get; init; }

    /// <summary>See <see cref="MachineConfig.Cpus"/>.</summary>
    public CpuPlan? Cpus { get; init; }

    /// <summary>See <see cref="MachineConfig.Cpu"/>.</summary>
    public CpuConfig? Cpu { get; init; }

    /// <summary>Whether there are KVM's interfaces for guests; see <see cref="MachineConfig.Paravirtual"/>.</summary>
    public bool? HasKvmInterfaces { get; init; }

    /// <summary>Whether there are Hyper-V's interfaces for guests; see <see cref="MachineConfig.Paravirtual"/>.</summary>
    public bool? HasHyperV { get; init; }

    /// <summary>See <see cref="MachineConfig.Engine"/>.</summary>
    public EngineConfig? Engine { get; init; }

    /// <summary>See <see cref="MachineConfig.Entry"/>.</summary>
    public EntryMode? Entry { get; init; }

    /// <summary>See <see cref="MachineConfig.LoadAddress"/>.</summary>
    public GuestPhysicalAddress? LoadAddress { get; init; }

    /// <summary>See <see cref="MachineConfig.Serials"/>.</summary>
    public IReadOnlyList<SerialConfig>? Serials { get; init; }

    /// <summary>See <see cref="MachineConfig.Display"/>.</summary>
    public DisplayConfig? Display { get; init; }

    /// <summary>See <see cref="MachineConfig.HasScreen"/>; without it, a machine has a screen if something is to show it.</summary>
    public bool? HasScreen { get; init; }

    /// <summary>See <see cref="MachineConfig.Disks"/>.</summary>
    public IReadOnlyList<DiskConfig>? Disks { get; init; }

    /// <summary>See <see cref="MachineConfig.Inputs"/>; without it, a machine with a screen has a tablet.</summary>
    public IReadOnlyList<InputKind>? Inputs { get; init; }

    /// <summary>See <see cref="MachineConfig.Consoles"/>.</summary>
    public IReadOnlyList<ConsoleConfig>? Consoles { get; init; }

    /// <summary>See <see cref="MachineConfig.Vsock"/>.</summary>
    public VsockConfig? Vsock { get; init; }

    /// <summary>See <see cref="MachineConfig.HasBalloon"/>.</summary>
    public bool? HasBalloon { get; init; }

    /// <summary>See <see cref="MachineConfig.Shares"/>.</summary>
    public IReadOnlyList<ShareConfig>? Shares { get; init; }

    /// <summary>See <see cref="MachineConfig.Devices"/>.</summary>
    public IReadOnlyList<DeviceConfig>? Devices { get; init; }

    /// <summary>
    /// See <see cref="MachineConfig.Networks"/>; one of no kind stands for an empty list. Without any, a machine with ports to publish
    /// has a user network, and so has one with disks if that can be had.
    /// </summary>
    public IReadOnlyList<NetConfig>? Networks { get; init; }

    /// <summary>See <see cref="MachineConfig.Publishes"/>.</summary>
    public IReadOnlyList<PortForward>? Publishes { get; init; }

    /// <summary>The firmware that the machine starts: disks or a boot order without a kernel are for it to boot from.</summary>
    public FirmwareConfig? StartedFirmware => (Firmware ?? (Kernel is null && (Disks?.Count > 0 || Boot is not null) ? FirmwareConfig.Bios : null)) is { } firmware
        && firmware != FirmwareConfig.None ? firmware : null;

    /// <summary>Whether the kernel is a flat binary, which knows no command line.</summary>
    public bool IsFlatBinary => Kernel is { } kernel && (LoadAddress is not null || (Entry == EntryMode.Real && !KernelFile.IsLinux(kernel)));

    /// <summary>These options, completed by those of a source with less say. Lists replace each other whole.</summary>
    public MachineOptions Over(MachineOptions below)
    {
        ArgumentNullException.ThrowIfNull(below);
        return new MachineOptions
        {
            Firmware = Firmware ?? below.Firmware,
            Boot = Boot ?? below.Boot,
            Kernel = Kernel ?? below.Kernel,
            Initrds = Initrds ?? below.Initrds,
            CommandLine = CommandLine ?? below.CommandLine,
            Type = Type ?? below.Type,
            Memory = Memory ?? below.Memory,
            MemoryBacking = MemoryBacking ?? below.MemoryBacking,
            Cpus = Cpus ?? below.Cpus,
            Cpu = Cpu ?? below.Cpu,
            HasKvmInterfaces = HasKvmInterfaces ?? below.HasKvmInterfaces,
            HasHyperV = HasHyperV ?? below.HasHyperV,
            Engine = Engine ?? below.Engine,
            Entry = Entry ?? below.Entry,
            LoadAddress = LoadAddress ?? below.LoadAddress,
            Serials = Serials ?? below.Serials,
            Display = Display ?? below.Display,
            HasScreen = HasScreen ?? below.HasScreen,
            Disks = Disks ?? below.Disks,
            Inputs = Inputs ?? below.Inputs,
            Consoles = Consoles ?? below.Consoles,
            Vsock = Vsock ?? below.Vsock,
            HasBalloon = HasBalloon ?? below.HasBalloon,
            Shares = Shares ?? below.Shares,
            Devices = Devices ?? below.Devices,
            Networks = Networks ?? below.Networks,
            Publishes = Publishes ?? below.Publishes,
        };
    }

    /// <summary>What is wrong with the combination, beyond what was checked value by value.</summary>
    public IEnumerable<ConfigError> Conflicts()
    {
        var memory = Memory ?? MachineLimits.DefaultMemory;
        var least = Entry == EntryMode.Real ? MachineLimits.LeastRealModeMemory : MachineLimits.LeastMemory;
        if (memory < least)
            yield return new("memory", $"{memory} is too little for a guest. Give it at least {least}, for example --memory 512M.");
        if (memory > MachineLimits.MostMemory)
            yield return new("memory", $"{memory} is more than a guest can address here. Give it at most {MachineLimits.MostMemory}.");
        if (MemoryBacking?.ReservedPageSize is { } page && memory.Bytes % page != 0)
            yield return new("memory", $"{memory} cannot be made of pages of {new ByteSize(page)}. Choose a multiple of them, for example --memory {new ByteSize((memory.Bytes / page + 1) * page)}.");
        if (HasHyperV == true && HasKvmInterfaces == true)
            yield return new("hyperv", "A guest sees one hypervisor, KVM or Hyper-V. Leave --hyperv or --paravirt kvm out.");
        if (Serials?.Count(s => s.Kind == SerialKind.Stdio) > 1)
            yield return new("serial", "Only one serial port can use standard input and output. Choose pty or a file for the others.");
        if (Consoles?.Count(c => c.Backend.Kind == SerialKind.Stdio) + (Serials?.Any(s => s.Kind == SerialKind.Stdio) == true ? 1 : 0) > 1)
            yield return new("console", "Standard input and output can be used once. Choose pty or a file for the others.");
        if (Consoles?.Count > MachineLimits.MostConsoles)
            yield return new("console", $"A machine has at most {MachineLimits.MostConsoles} consoles. Leave some out.");
        if (Inputs?.Contains(InputKind.Mouse) == true && Inputs.Contains(InputKind.Tablet))
            yield return new("input", "The guest's pointer is a tablet or a mouse. Leave one out.");
        else if (Inputs?.Any(i => i is InputKind.Tablet or InputKind.Keyboard) == true && (HasScreen ?? Display is DisplayConfig.Vnc) == false)
            yield return new("input", "Nobody could use it without a screen. Add --display or --vga std, or leave --input out.");
        if (Disks?.Count(d => d.Interface == DiskInterface.Floppy) > MachineLimits.MostFloppies)
            yield return new("floppy", $"A machine has at most {MachineLimits.MostFloppies} diskette drives. Leave some out.");
        if ((Disks ?? []).Select(d => d.Id).Concat((Networks ?? []).Select(n => n.Id)).Where(id => id is not null).GroupBy(id => id).FirstOrDefault(g => g.Count() > 1)?.Key is { } id)
            yield return new("disk", $"Two devices have the id \"{id}\". Change one of them.");
        if (HasScreen == false && Display is DisplayConfig.Vnc)
            yield return new("vga", "There would be no screen to display. Leave --vga none or --display out.");
        if (Disks?.Where(d => !d.IsReadOnly && !d.IsSnapshot).GroupBy(d => d.Path).FirstOrDefault(g => g.Count() > 1) is { } twice)
            yield return new("disk", $"{twice.Key} cannot be written by two disks. Leave one out, or make both readonly or snapshot.");
        if (Disks?.Count > MachineLimits.MostDisks)
            yield return new("disk", $"A machine has at most {MachineLimits.MostDisks} disks. Leave some out.");
        if (Shares?.GroupBy(s => s.Tag).FirstOrDefault(g => g.Count() > 1)?.Key is { } tag)
            yield return new("share", $"Two shares have the tag \"{tag}\". Add tag=NAME to one of them.");
        if (Kernel is { } kernel && KernelFile.Problem(kernel, flat: LoadAddress is not null || Entry == EntryMode.Real) is { } problem)
            yield return new("kernel", problem);
        if (StartedFirmware is not null && (LoadAddress is not null || Entry == EntryMode.Real))
            yield return new("firmware", "Firmware starts at the reset vector. Leave out either it or --load and --entry real.");
        if (StartedFirmware is { } firmware && FirmwareFile.Problem(firmware) is { } flaw)
            yield return new("firmware", flaw);
        if (Boot is { } boot)
        {
            foreach (var conflict in BootConflicts.Of(boot, StartedFirmware is not null, new BootTargets(Disks ?? [], [.. ChosenNetworks.Where(n => n.Kind != NetKind.None)])))
                yield return conflict;
        }
        if (Kernel is null && Initrds is not null)
            yield return new("initrd", "An initial RAM disk needs a kernel. Add --kernel FILE.");
        foreach (var conflict in NetConflicts.Of(ChosenNetworks, Publishes ?? []))
            yield return conflict;
    }

    private IReadOnlyList<NetConfig> ChosenNetworks =>
        Networks ?? (Publishes is { Count: > 0 } ? [new NetConfig(NetKind.User)] : Disks is { Count: > 0 } ? [new NetConfig(NetKind.User) { IsOptional = true }] : []);

    private static bool UsesStdio(IReadOnlyList<ConsoleConfig>? consoles) => consoles?.Any(c => c.Backend.Kind == SerialKind.Stdio) == true;

    /// <summary>Completes the options with defaults.</summary>
    /// <param name="kernel">The kernel's absolute path, in case the options have none; null for none at all.</param>
    public MachineConfig Complete(string? kernel)
    {
        const ulong page = GuestPhysicalAddress.PageSize;
        var config = new MachineConfig { Firmware = StartedFirmware, Kernel = Kernel ?? kernel };
        return config with
        {
            Initrds = Initrds ?? config.Initrds,
            CommandLine = CommandLine ?? config.CommandLine,
            Boot = Boot ?? config.Boot,
            Type = Type ?? config.Type,
            Memory = Memory is { } memory ? new ByteSize((memory.Bytes + page - 1) / page * page) : config.Memory,
            MemoryBacking = MemoryBacking,
            Cpus = Cpus?.All ?? config.Cpus,
            PresentCpus = Cpus is { } cpus && cpus.Present < cpus.All.Count ? cpus.Present : null,
            Cpu = Cpu ?? config.Cpu,
            Paravirtual = HasHyperV == true ? ParavirtualChoice.HyperV
                : HasKvmInterfaces switch { true => ParavirtualChoice.Kvm, false => ParavirtualChoice.None, null => ParavirtualChoice.Auto },
            Engine = Engine ?? config.Engine,
            Entry = Entry ?? config.Entry,
            LoadAddress = LoadAddress,
            Serials = Serials ?? (UsesStdio(Consoles) ? [SerialConfig.None] : config.Serials),
            Display = Display ?? config.Display,
            HasScreen = HasScreen ?? Display is DisplayConfig.Vnc,
            Disks = Disks ?? config.Disks,
            Inputs = Inputs ?? (HasScreen ?? Display is DisplayConfig.Vnc ? [InputKind.Tablet] : []),
            Consoles = Consoles ?? config.Consoles,
            Vsock = Vsock,
            HasBalloon = HasBalloon ?? config.HasBalloon,
            Shares = Shares ?? config.Shares,
            Devices = Devices ?? config.Devices,
            Networks = [.. ChosenNetworks.Where(n => n.Kind != NetKind.None)],
            Publishes = Publishes ?? config.Publishes,
        };
    }
}
