namespace Ringmaster.Firmware;

/// <summary>What a range of the memory map is (ACPI 6.5 table 15.5); the numbers are those of the E820 interface.</summary>
public enum MemoryMapType
{
    /// <summary>RAM that the operating system may use.</summary>
    Usable = 1,

    /// <summary>Not for use: firmware tables and device registers.</summary>
    Reserved = 2,

    /// <summary>RAM that holds ACPI tables, free once they have been read.</summary>
    AcpiReclaimable = 3,

    /// <summary>RAM that must be kept across sleep.</summary>
    AcpiNvs = 4,
}
