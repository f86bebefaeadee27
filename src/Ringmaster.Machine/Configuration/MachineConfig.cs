using Ringmaster.Backends.Network;
using Ringmaster.Cpu.Models;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Configuration;

/// <summary>The complete description of a machine. Everything in it has been checked and has its value.</summary>
public sealed record MachineConfig
{
    /// <summary>Firmware to start from the reset vector; null to start the kernel directly.</summary>
    public FirmwareConfig? Firmware { get; init; }

    /// <summary>From what firmware boots.</summary>
    public BootConfig Boot { get; init; } = BootConfig.Default;

    /// <summary>The kernel or flat binary to start, an absolute path. Null only with firmware, which then looks for one itself.</summary>
    public string? Kernel { get; init; }

    /// <summary>Initial RAM disks, loaded one after the other; absolute paths.</summary>
    public IReadOnlyList<string> Initrds { get; init; } = [];

    /// <summary>The kernel's command line.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>The board.</summary>
    public MachineType Type { get; init; }

    /// <summary>RAM, a multiple of 4 KiB.</summary>
    public ByteSize Memory { get; init; } = MachineLimits.DefaultMemory;

    /// <summary>What RAM is made of on the host; null for whatever the host gives.</summary>
    public MemoryBacking? MemoryBacking { get; init; }

    /// <summary>The vCPUs: how many there can be, and how they are arranged.</summary>
    public CpuTopology Cpus { get; init; } = CpuTopology.OfCores(1);

    /// <summary>How many of the vCPUs are there at the start, from the first on; null for all. The others can come.</summary>
    public int? PresentCpus { get; init; }

    /// <summary>What the vCPUs look like.</summary>
    public CpuConfig Cpu { get; init; } = CpuConfig.Default;

    /// <summary>What the guest finds of interfaces for guests that know their hypervisor.</summary>
    public ParavirtualChoice Paravirtual { get; init; }

    /// <summary>The way to execute guest code.</summary>
    public EngineConfig Engine { get; init; } = EngineConfig.Default;

    /// <summary>How the kernel is started.</summary>
    public EntryMode Entry { get; init; } = EntryMode.Auto;

    /// <summary>Where a flat binary is put; null for the place that its format says.</summary>
    public GuestPhysicalAddress? LoadAddress { get; init; }

    /// <summary>What the serial ports are plugged into, in order.</summary>
    public IReadOnlyList<SerialConfig> Serials { get; init; } = [SerialConfig.Stdio];

    /// <summary>What the screen, keyboard and pointer are plugged into; a machine without has no screen.</summary>
    public DisplayConfig Display { get; init; } = new DisplayConfig.None();

    /// <summary>Whether there is a screen, also while nobody looks at it.</summary>
    public bool HasScreen { get; init; }

    /// <summary>The disks, in order.</summary>
    public IReadOnlyList<DiskConfig> Disks { get; init; } = [];

    /// <summary>Keyboards and pointers beyond those that every machine has.</summary>
    public IReadOnlyList<InputKind> Inputs { get; init; } = [];

    /// <summary>The ports of the virtio console, in order; without any there is none.</summary>
    public IReadOnlyList<ConsoleConfig> Consoles { get; init; } = [];

    /// <summary>Sockets between the guest and the host; null for none.</summary>
    public VsockConfig? Vsock { get; init; }

    /// <summary>Whether there is a memory balloon.</summary>
    public bool HasBalloon { get; init; }

    /// <summary>Directories that the guest can mount.</summary>
    public IReadOnlyList<ShareConfig> Shares { get; init; } = [];

    /// <summary>Devices beyond those that every machine has.</summary>
    public IReadOnlyList<DeviceConfig> Devices { get; init; } = [];

    /// <summary>The network devices, in order; none of them is of the kind <see cref="NetKind.None"/>.</summary>
    public IReadOnlyList<NetConfig> Networks { get; init; } = [];

    /// <summary>Ports of the host that lead to the guest, by the first network of the kind <see cref="NetKind.User"/>.</summary>
    public IReadOnlyList<PortForward> Publishes { get; init; } = [];
}
