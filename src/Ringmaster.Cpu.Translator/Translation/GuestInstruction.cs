using Iced.Intel;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>A guest instruction on its way to host code.</summary>
internal struct GuestInstruction
{
    /// <summary>As decoded, in a form that 64-bit code has; branch targets and RIP-relative addresses are linear.</summary>
    public Instruction Iced;

    /// <summary>Offset of its first byte in the page.</summary>
    public int Offset;

    /// <summary>Offset of the byte after it.</summary>
    public int End;

    /// <summary>How it is translated.</summary>
    public InstructionKind Kind;

    /// <summary>It uses vector registers or MXCSR.</summary>
    public bool UsesVectors;

    /// <summary>It crosses into the next page, which may hold something else another time.</summary>
    public bool Crosses;

    /// <summary>Flags that it reads.</summary>
    public RflagsBits Reads;

    /// <summary>Flags that it changes.</summary>
    public RflagsBits Changes;

    /// <summary>Flags that something reads after it, before they are changed again.</summary>
    public RflagsBits LiveAfter;

    /// <summary>General registers that it may change, one bit each.</summary>
    public uint Written;

    /// <summary>How far it moves the stack pointer, or null if that is not known.</summary>
    public int? StackChange;

    /// <summary>It adds a constant to a general register, which is its one result beside flags: the register's number, or -1.</summary>
    public int Moved;

    /// <summary>What it adds.</summary>
    public int Distance;

    /// <summary>Its first access to memory.</summary>
    public GuestAccess? Access;

    /// <summary>Its second one: the store of a PUSH from memory or of an indirect call through memory.</summary>
    public GuestAccess? SecondAccess;

    /// <summary>Flags that something reads from before it on.</summary>
    public readonly RflagsBits LiveBefore => (LiveAfter & ~Changes) | Reads;

    /// <summary>All flags are new after it, and it has read none.</summary>
    public readonly bool OverwritesFlags => Changes == StatusFlags.All && Reads == RflagsBits.None;

    /// <summary>Whether it may change a general register; -1 stands for none.</summary>
    public readonly bool Writes(int register) => register >= 0 && (Written & 1u << register) != 0;

    /// <summary>How far it moves what a general register points to, or null if that is not known.</summary>
    public readonly long? Moves(int register)
    {
        if (register == 4)
            return StackChange;
        if (!Writes(register))
            return 0;
        return Moved == register ? Distance : null;
    }

    /// <summary>Whether it changes what a recipe needs, or some of the flags that the recipe makes but not all.</summary>
    public readonly bool Kills(FlagRecipe recipe) =>
        recipe.Exists && !OverwritesFlags && (Changes != RflagsBits.None || (recipe.Sources & Written) != 0);

    /// <summary>The recipe for the flags after it.</summary>
    /// <param name="before">The one before it.</param>
    public readonly FlagRecipe RecipeAfter(FlagRecipe before)
    {
        if (Changes == RflagsBits.None)
            return before.Survive(Written);
        return Changes == StatusFlags.All && Kind == InstructionKind.Plain ? FlagRecipe.After(Iced) : FlagRecipe.None;
    }
}
