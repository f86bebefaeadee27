using Ringmaster.Firmware.Acpi;
using Ringmaster.Firmware.Boot;
using Ringmaster.Firmware.Smbios;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.FwCfg;

/// <summary>What firmware in the guest is told through the fw_cfg device.</summary>
/// <param name="Ram">The RAM ranges.</param>
/// <param name="CpuCount">Processors that are there.</param>
public sealed record FwCfgPlatform(IReadOnlyList<RamRange> Ram, int CpuCount)
{
    /// <summary>Processors that could be there; null for as many as are.</summary>
    public int? MaxCpuCount { get; init; }

    /// <summary>ACPI tables for the firmware to place, if any.</summary>
    public AcpiTables? Acpi { get; init; }

    /// <summary>SMBIOS tables for the firmware to place, if any.</summary>
    public SmbiosTables? Smbios { get; init; }

    /// <summary>Areas besides RAM that the firmware's memory map must show.</summary>
    public IReadOnlyList<MemoryMapEntry> Reserved { get; init; } = [];

    /// <summary>Open Firmware device paths in the order in which to try to boot from them; empty for the firmware's own order.</summary>
    public IReadOnlyList<string> BootOrder { get; init; } = [];

    /// <summary>How long to offer a boot menu; null for not at all.</summary>
    public TimeSpan? BootMenu { get; init; }

    /// <summary>The port of a UART that is SeaBIOS's console; null for none.</summary>
    public IoPort? SerialConsole { get; init; }

    /// <summary>Option ROMs that SeaBIOS runs, by file name.</summary>
    public IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)> OptionRoms { get; init; } = [];

    /// <summary>A Linux bzImage that the firmware is to start, if any.</summary>
    public BootRequest? Kernel { get; init; }
}
