using Ringmaster.Memory;

namespace Ringmaster.Cpu.Paging;

/// <summary>The four PDPTE registers of PAE paging (SDM 3A 4.4.1).</summary>
/// <param name="Pdpte0">For linear addresses below 1 GByte.</param>
/// <param name="Pdpte1">For the second GByte.</param>
/// <param name="Pdpte2">For the third GByte.</param>
/// <param name="Pdpte3">For the fourth GByte.</param>
public readonly record struct PdpteRegisters(ulong Pdpte0, ulong Pdpte1, ulong Pdpte2, ulong Pdpte3)
{
    /// <summary>Loads them, as MOV to CR3 and changes of CR0 and CR4 do under PAE paging.</summary>
    /// <param name="memory">Guest RAM.</param>
    /// <param name="cr3">CR3; its bits 5 to 31 locate the table.</param>
    /// <param name="capabilities">What the CPU model fixes.</param>
    /// <param name="registers">What is loaded.</param>
    /// <returns>False if a present one has a reserved bit set: the instruction raises #GP(0) and loads nothing.</returns>
    public static bool TryLoad(GuestMemory memory, ulong cr3, PagingCapabilities capabilities, out PdpteRegisters registers)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var table = cr3 & 0xFFFF_FFE0;
        registers = new(PageTableMemory.Read8(memory, table), PageTableMemory.Read8(memory, table + 8),
            PageTableMemory.Read8(memory, table + 16), PageTableMemory.Read8(memory, table + 24));
        // Bits 1, 2, 5 to 8, and all from MAXPHYADDR on (SDM 3A table 4-8).
        var reserved = 0x1E6UL | ~((1UL << capabilities.PhysicalAddressBits) - 1);
        return IsValid(registers.Pdpte0, reserved) && IsValid(registers.Pdpte1, reserved)
            && IsValid(registers.Pdpte2, reserved) && IsValid(registers.Pdpte3, reserved);
    }

    private static bool IsValid(ulong entry, ulong reserved) => (entry & PageEntry.Present) == 0 || (entry & reserved) == 0;
}
