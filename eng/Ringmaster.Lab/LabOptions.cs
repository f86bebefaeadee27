namespace Ringmaster.Lab;

/// <summary>What a lab host consists of.</summary>
public sealed record LabOptions
{
    /// <summary>
    /// A model as "max" but without hardware assist. QEMU makes the highest extended leaf of "max" that of its features, and without AMD-V's
    /// there is none with the sizes of addresses (8000_0008h; APM 3 appendix E). Linux then takes 48 bits for granted, though its page
    /// tables have five levels, and takes its own addresses for ones that do not exist.
    /// </summary>
    public const string WithoutAssist = "max,-svm,xlevel=0x80000008";

    /// <summary>vCPUs, each with a thread of its own in the emulator; null for as many as it emulates reliably.</summary>
    public int? Cpus { get; init; }

    /// <summary>Memory in MiB, which files that are written take part of.</summary>
    public int MemoryMebibytes { get; init; } = 3072;

    /// <summary>QEMU's CPU model. "max" has AMD-V with nested paging, <see cref="WithoutAssist"/> no hardware assist.</summary>
    public string Cpu { get; init; } = "max";

    /// <summary>Kernel parameters beside those that the lab needs, such as "kvm_amd.npt=0".</summary>
    public string KernelParameters { get; init; } = "";

    /// <summary>Where commands start, in both machines: the clone's root.</summary>
    public required string Directory { get; init; }

    /// <summary>How long it may take to boot.</summary>
    public TimeSpan BootPatience { get; init; } = TimeSpan.FromMinutes(3);
}
