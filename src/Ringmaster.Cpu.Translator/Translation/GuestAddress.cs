using Iced.Intel;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>How the guest forms a memory operand's linear address.</summary>
/// <param name="Base">Number of the base register, or -1.</param>
/// <param name="Index">Number of the index register, or -1.</param>
/// <param name="Scale">The index is shifted left by this.</param>
/// <param name="Displacement">What is added; the whole address if there is no register.</param>
/// <param name="Bits">Effective addresses wrap at so many bits.</param>
/// <param name="Segment">Number of the segment register whose base is added, or -1 if that is zero.</param>
internal readonly record struct GuestAddress(int Base, int Index, int Scale, ulong Displacement, int Bits, int Segment)
{
    /// <summary>Displacements within this many bytes are taken to lead near each other.</summary>
    private const ulong NearBytes = 2048;

    private const int Rsp = 4;

    /// <summary>The linear page of the instruction that the address is given relative to; null if it is not.</summary>
    public ulong? Page { get; init; }

    /// <summary>No register takes part.</summary>
    public bool IsConstant => Base < 0 && Index < 0;

    /// <summary>A place on the stack.</summary>
    public static GuestAddress OnStack(int displacement, bool is64Bit) =>
        new(Rsp, -1, 0, unchecked((ulong)displacement), is64Bit ? 64 : 32, -1);

    /// <summary>The memory operand of an instruction.</summary>
    public static GuestAddress Of(in Instruction instruction, bool is64Bit)
    {
        var segment = instruction.MemorySegment is Register.FS or Register.GS ? instruction.MemorySegment - Register.ES : -1;
        if (instruction.IsIPRelativeMemoryOperand)
        {
            return new(-1, -1, 0, instruction.IPRelativeMemoryAddress, instruction.MemoryBase == Register.EIP ? 32 : 64, segment)
            {
                Page = instruction.IP & ~0xFFFUL,
            };
        }
        return new(NumberOf(instruction.MemoryBase), NumberOf(instruction.MemoryIndex),
            System.Numerics.BitOperations.Log2((uint)instruction.MemoryIndexScale), instruction.MemoryDisplacement64,
            BitsOf(instruction, is64Bit), segment);
    }

    /// <summary>What operands near this one have in common.</summary>
    /// <param name="writes">The access is a store.</param>
    /// <param name="margin">See <see cref="Memory.SiteSlot.MarginOf"/>.</param>
    public SlotKey SlotKey(bool writes, int margin)
    {
        // Displacements inside an object are small; others are arrays' own addresses, and each array is a place of its own.
        return new(Base, Index, Segment, IsConstant ? Displacement - (Page ?? 0) >> 12 : Displacement + NearBytes / 2 & ~(NearBytes - 1), writes, margin,
            IsRelative: Page is not null);
    }

    private static int NumberOf(Register register) => register == Register.None ? -1 : register.GetNumber();

    private static int BitsOf(in Instruction instruction, bool is64Bit)
    {
        var register = instruction.MemoryBase != Register.None ? instruction.MemoryBase : instruction.MemoryIndex;
        if (register.IsGPR64())
            return 64;
        if (register.IsGPR32())
            return 32;
        if (register.IsGPR16())
            return 16;
        return instruction.MemoryDisplSize switch
        {
            2 => 16,
            4 => 32,
            8 => 64,
            _ => is64Bit ? 64 : 32,
        };
    }
}
