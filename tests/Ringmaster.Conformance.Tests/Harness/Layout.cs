namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>
/// Where things lie in the guest's two megabytes, all of them mapped one to one. Pages of marks hold nothing but
/// <see cref="Mark"/>: wherever a case lands there, it ends.
/// </summary>
internal static class Layout
{
    public const int MemorySize = 0x20_0000;

    /// <summary>First and last address of the low page of marks, which 16-bit offsets reach.</summary>
    public const uint LowMarks = 0x1000, LowMarksEnd = 0x6000;

    public const uint Gdt = 0x6000, Idt = 0x7000, Tss = 0x8000, OtherTss = 0x8800,
        Tss16 = 0x8C00, Ldt = 0x9000, Data = 0xA000, Code = 0x1_0000, Handlers = 0x2_0000, KernelStack = 0x3_0000,
        Stack0 = 0x3_1000, InterruptStack1 = 0x3_2000, UserStack = 0x3_3000, Stack1 = 0x3_4000, Target = 0x4_0000;

    /// <summary>All stacks lie from here on, below <see cref="Target"/>.</summary>
    public const uint LowestStack = 0x2_8000;

    /// <summary>The frame behind <see cref="Window"/>: a page of marks.</summary>
    public const uint Frame = 0x5_0000;

    /// <summary>A second frame to map there.</summary>
    public const uint OtherFrame = 0x6_0000;

    /// <summary>A linear address outside the identity map, with a page table of its own, which paging cases play with.</summary>
    public const uint Window = 0x80_0000;

    /// <summary>What IST 1 holds: not aligned, on purpose.</summary>
    public const uint MisalignedStack = InterruptStack1 + 8;

    /// <summary>Where the upper half of the address space shows the guest's memory again.</summary>
    public const ulong HighHalf = 0xFFFF_8000_0000_0000;

    /// <summary>Offset of the I/O permission bitmap in the task state segment; the redirection bitmap lies below it.</summary>
    public const ushort IoMap = 0x88;

    /// <summary>OUT 0xEE with AX or EAX: the end of a case. In every mode these two bytes say so.</summary>
    public const ushort Mark = 0xEEE7;

    /// <summary>The port of <see cref="Mark"/>.</summary>
    public const byte MarkPort = 0xEE;

    /// <summary>Offset of a vector's handler from <see cref="Handlers"/>. It is OUT vector, AL.</summary>
    public static uint Handler(int vector) => Handlers + (uint)vector * 16;

    /// <summary>Whether hostile guests find marks at an address, and nothing else uses the place.</summary>
    public static bool HoldsMarks(ulong address) => address is (>= Data and < Code) or (>= Code + 0x1000 and < Handlers) or (>= Target and < 0x10_0000);
}
