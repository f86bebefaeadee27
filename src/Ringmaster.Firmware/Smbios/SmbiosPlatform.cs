using Ringmaster.Memory;

namespace Ringmaster.Firmware.Smbios;

/// <summary>What the SMBIOS tables say about a machine. Strings are ASCII; empty ones are left out.</summary>
/// <param name="CpuCount">Processors.</param>
/// <param name="Ram">The RAM ranges.</param>
public sealed record SmbiosPlatform(int CpuCount, IReadOnlyList<RamRange> Ram)
{
    /// <summary>Maker of system, board, chassis, memory and firmware.</summary>
    public string Manufacturer { get; init; } = "Ringmaster";

    /// <summary>The system's name.</summary>
    public string Product { get; init; } = "Ringmaster PC";

    /// <summary>The system's version.</summary>
    public string Version { get; init; } = "1";

    /// <summary>The system's and chassis's serial number.</summary>
    public string SerialNumber { get; init; } = "";

    /// <summary>The system's family.</summary>
    public string Family { get; init; } = "Virtual machine";

    /// <summary>The system's identity.</summary>
    public Guid Uuid { get; init; }

    /// <summary>The firmware's version.</summary>
    public string BiosVersion { get; init; } = "1";

    /// <summary>The firmware's date, month/day/year with two, two and four digits.</summary>
    public string BiosDate { get; init; } = "01/01/2025";

    /// <summary>Maker of the processors, as CPUID leaf 0 says it.</summary>
    public string CpuManufacturer { get; init; } = "Ringmaster";

    /// <summary>The processors' name.</summary>
    public string CpuName { get; init; } = "Virtual CPU";

    /// <summary>EAX of CPUID leaf 1 in the low half, EDX in the high half.</summary>
    public ulong CpuSignature { get; init; }

    /// <summary>The processors' frequency in MHz.</summary>
    public ushort CpuMegahertz { get; init; } = 2000;

    /// <summary>Processor packages, over which the processors are spread evenly as cores.</summary>
    public int Sockets { get; init; } = 1;
}
