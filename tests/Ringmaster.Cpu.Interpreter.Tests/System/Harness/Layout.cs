namespace Ringmaster.Cpu.Interpreter.Tests.Privileged.Harness;

/// <summary>Where things lie in the test machine's two megabytes, all of them mapped one to one.</summary>
internal static class Layout
{
    public const ulong MemorySize = 0x20_0000;
    public const uint PageTables = 0x1000, PageTable = 0x4000, Gdt = 0x6000, Idt = 0x7000, Tss = 0x8000, OtherTss = 0x8800,
        Tss16 = 0x8C00, Ldt = 0x9000, Data = 0xA000, Code = 0x1_0000, Handlers = 0x2_0000, KernelStack = 0x3_0000,
        Stack0 = 0x3_1000, InterruptStack1 = 0x3_2000, UserStack = 0x3_3000, Stack1 = 0x3_4000, Target = 0x4_0000;

    /// <summary>What IST 1 holds: not aligned, on purpose.</summary>
    public const uint MisalignedStack = InterruptStack1 + 8;

    /// <summary>Offset of the I/O permission bitmap in the task state segment; the redirection bitmap lies below it.</summary>
    public const ushort IoMap = 0x88;

    /// <summary>Offset of a vector's handler from <see cref="Handlers"/>.</summary>
    public static uint Handler(int vector) => Handlers + (uint)vector * 16;
}
