using System.Runtime.InteropServices;
using Ringmaster.Machine.Assembly;

namespace Ringmaster.Cli.Doctor;

/// <summary>What the doctor found.</summary>
internal sealed record HostReport
{
    /// <summary>The CPU's name.</summary>
    internal required string Cpu { get; init; }

    /// <summary>Features that matter to running guests.</summary>
    internal required IReadOnlyList<string> Features { get; init; }

    /// <summary>Logical CPUs that this process may use.</summary>
    internal required int Cores { get; init; }

    /// <summary>Memory in bytes, all and available.</summary>
    internal required (ulong Total, ulong Available) Memory { get; init; }

    /// <summary>The kernel's release.</summary>
    internal required string Kernel { get; init; }

    /// <summary>The hypervisor's name if this host is itself a guest.</summary>
    internal required string? Hypervisor { get; init; }

    /// <summary>The kind of container that this process runs in, if any.</summary>
    internal required string? Container { get; init; }

    /// <summary>The engines.</summary>
    internal required IReadOnlyList<EngineReport> Engines { get; init; }

    /// <summary>What trying /dev/kvm showed, and what to do about it.</summary>
    internal required KvmReport Kvm { get; init; }

    /// <summary>Examines this host; tries /dev/kvm.</summary>
    internal static HostReport Examine() => new()
    {
        Cpu = HostCpu.Name(),
        Features = HostCpu.Features(),
        Cores = Environment.ProcessorCount,
        Memory = HostMemory.Read(),
        Kernel = Environment.OSVersion.Version.ToString(3) + $" ({RuntimeInformation.OSArchitecture})",
        Hypervisor = HostCpu.Hypervisor(),
        Container = ContainerDetection.Find("/"),
        Engines = EngineChooser.Survey(),
        Kvm = KvmReport.Examine(),
    };
}
