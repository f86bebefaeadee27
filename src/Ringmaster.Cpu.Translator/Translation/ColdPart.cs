using Ringmaster.Cpu.Translator.Emission;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>Code that is emitted behind all blocks because it is hardly ever executed.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Start">Where the code that needs it leads.</param>
/// <param name="Rip">The instruction that it belongs to, or the branch target that it leads to.</param>
internal readonly record struct ColdPart(ColdPartKind Kind, HostLabel Start, ulong Rip)
{
    /// <summary>Instructions of the block from this one on, which have been counted ahead.</summary>
    public int Uncounted { get; init; }

    /// <summary>Where it comes back to.</summary>
    public HostLabel Back { get; init; }

    /// <summary>The slot of an access.</summary>
    public int Slot { get; init; }

    /// <summary>Bytes of an access or of a group.</summary>
    public int Size { get; init; }

    /// <summary>The access is a store.</summary>
    public bool Writes { get; init; }

    /// <summary>The access must be aligned to its size.</summary>
    public bool IsAligned { get; init; }

    /// <summary>The access may not be made after all.</summary>
    public bool IsConditional { get; init; }

    /// <summary>The check has kept the flags, and R14, or the group's register, holds the linear address. Otherwise RCX holds its offset in the slot's run.</summary>
    public bool KeepsFlags { get; init; }

    /// <summary>The check asks the TLB's second level itself; R14 holds the linear address.</summary>
    public bool IsDirect { get; init; }

    /// <summary>The register that is to hold a group's distance; RAX if this is about a single access.</summary>
    public HostRegister Distance { get; init; }

    /// <summary>How to make the flags again.</summary>
    public FlagRecipe Recipe { get; init; }

    /// <summary>The branch leads backwards.</summary>
    public bool IsBackward { get; init; }

    /// <summary>The block inside the region that a call leads to, or -1.</summary>
    public int Inside { get; init; }

    /// <summary>Where a crossing instruction goes on; 0 if it is a branch.</summary>
    public ulong Next { get; init; }

    /// <summary>The branch is a call.</summary>
    public bool IsCall { get; init; }

    /// <summary>The branch is a near return in 64-bit mode that pops nothing else.</summary>
    public bool IsReturn { get; init; }

    /// <summary>This is about a group.</summary>
    public bool IsGroup => Distance != HostRegister.Rax;
}
