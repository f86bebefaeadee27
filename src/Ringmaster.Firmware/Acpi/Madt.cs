namespace Ringmaster.Firmware.Acpi;

/// <summary>The body of the MADT, "APIC" (ACPI 6.5 section 5.2.12).</summary>
internal static class Madt
{
    private const uint PcCompatiblePics = 1, Enabled = 1, OnlineCapable = 2;
    private const int LocalApic = 0, IoApic = 1, InterruptOverride = 2, LocalApicNmi = 4, LocalX2Apic = 9, LocalX2ApicNmi = 10;
    private const int AllProcessors8 = 0xFF, LintForNmi = 1, FirstX2ApicOnlyId = 255;
    private const uint AllProcessors32 = 0xFFFF_FFFF;
    private const int ConformsToBus = 0, LevelActiveHigh = 0b11_01;

    public static ByteWriter Append(ByteWriter table, AcpiPlatform platform)
    {
        table.U32((uint)platform.LocalApic.Value).U32(PcCompatiblePics);
        var hasWideIds = false;
        for (var cpu = 0; cpu < platform.PossibleCpus; cpu++)
        {
            var id = platform.ApicIdOf(cpu);
            hasWideIds |= id >= FirstX2ApicOnlyId;
            AppendProcessor(table, cpu, id, cpu < platform.CpuCount);
        }
        table.U8(IoApic).U8(12).U8(platform.IoApicId).U8(0).U32((uint)platform.IoApic.Value).U32(0);

        // The timer's ISA interrupt 0 is wired to input 2, because input 0 takes the PIC's output.
        AppendOverride(table, isaIrq: 0, input: 2, ConformsToBus);
        AppendOverride(table, platform.Power.SciIrq, (uint)platform.Power.SciIrq, LevelActiveHigh);

        table.U8(LocalApicNmi).U8(6).U8(AllProcessors8).U16(ConformsToBus).U8(LintForNmi);
        if (hasWideIds)
            table.U8(LocalX2ApicNmi).U8(12).U16(ConformsToBus).U32(AllProcessors32).U8(LintForNmi).Zeros(3);
        return table;
    }

    /// <summary>Appends a processor's entry.</summary>
    /// <param name="table">Takes it.</param>
    /// <param name="cpu">The processor.</param>
    /// <param name="id">Its APIC ID.</param>
    /// <param name="isThere">Whether it is there already; otherwise it can come.</param>
    public static ByteWriter AppendProcessor(ByteWriter table, int cpu, uint id, bool isThere)
    {
        var flags = isThere ? Enabled : OnlineCapable;
        return id < FirstX2ApicOnlyId
            ? table.U8(LocalApic).U8(8).U8(cpu).U8((int)id).U32(flags)
            : table.U8(LocalX2Apic).U8(16).U16(0).U32(id).U32(flags).U32((uint)cpu);
    }

    private static void AppendOverride(ByteWriter table, int isaIrq, uint input, int flags) =>
        table.U8(InterruptOverride).U8(10).U8(0).U8(isaIrq).U32(input).U16(flags);
}
