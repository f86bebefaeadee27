namespace Ringmaster.Coverage.Tests.Guest;

/// <summary>Where things are in the test guest. All lies in the first megabyte, which is mapped one to one.</summary>
internal static class GuestLayout
{
    public const ulong MemorySize = 0x10_0000;

    /// <summary>Physical addresses. The code page and those of the handlers consist of HLT.</summary>
    public const uint PageTables = 0x1000, Gdt = 0x6000, Idt = 0x7000, Tss = 0x8000, Code = 0x1_0000, Data = 0x2_0000, Stack = 0x3_0000,
        Handlers = 0x4_0000;

    /// <summary>Selectors. SYSCALL, SYSRET, SYSENTER and SYSEXIT find theirs in the order that they need.</summary>
    public const ushort Code64 = 0x08, Flat = 0x10, UserCode32 = 0x18, UserData = 0x20, UserCode64 = 0x28, UserData64 = 0x30,
        Code32 = 0x38, Code16 = 0x40, Data16 = 0x48, Stack16 = 0x50, FreeTss = 0x58, BusyTss = 0x68, SystemCall32 = 0x78;

    /// <summary>Where in its page the instruction stands, and where in its page the stack pointer starts.</summary>
    public const uint StartOffset = 0x800, StackOffset = 0x800;

    /// <summary>What data and stack consist of: a branch target for all operand sizes of 16-bit code, or of all other code.</summary>
    public static ulong FillerOf(int bits) => bits == 16 ? 0x202 : Code | 0x202;

    /// <summary>The vector that INT n asks for.</summary>
    public const byte SoftwareInterrupt = 0x80;

    /// <summary>RIP of the instruction. The bases of 16-bit segments are those of the pages.</summary>
    public static ulong StartOf(int bits) => bits == 16 ? StartOffset : Code + StartOffset;

    /// <summary>RIP of a branch's target.</summary>
    public static ulong TargetOf(int bits) => bits == 16 ? 0x850 : Code + 0x850;

    /// <summary>The memory operand's offset, aligned to 64 bytes.</summary>
    public static ulong DataOf(int bits) => bits == 16 ? 0 : Data;

    /// <summary>The stack pointer.</summary>
    public static ulong StackOf(int bits) => bits == 16 ? StackOffset : Stack + StackOffset;
}
