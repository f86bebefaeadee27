namespace Ringmaster.Audit.Guests;

/// <summary>Where things lie in the guest's memory, which is mapped one to one and open to user mode.</summary>
internal static class AuditLayout
{
    internal const int MemorySize = 0x2_0000;

    internal const uint Gdt = 0x1000, Idt = 0x2000, Tss = 0x3000, OtherTss = 0x3400, Ldt = 0x3800, Pml4 = 0x4000, PageDirectoryPointers = 0x5000,
        PageDirectory = 0x6000, Handlers = 0x7000, Data = 0x8000, KernelStack = 0xA000, TrapStack = 0xB000, UserStack = 0xC000,
        GateTarget = 0xD000, Code = 0x1_0000;

    internal const ushort GdtLimit = 0x77, IdtLimit = 0xFFF;

    /// <summary>The limit of a task state segment of 64-bit mode (SDM 3A 7.7).</summary>
    internal const ushort TssLimit = 0x67;

    /// <summary>The end's handler writes EAX here; nothing else writes four bytes.</summary>
    internal const byte EndPort = 0xEE;

    /// <summary>A port that user mode may not use.</summary>
    internal const ushort ClosedPort = 0x300;

    /// <summary>What reads of ports return.</summary>
    internal const uint PortValue = 0x5A5A;

    /// <summary>A vector's handler: OUT vector, AL.</summary>
    internal static uint Handler(int vector) => Handlers + (uint)vector * 16;
}
