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

    /// <summary>Bytes of an access.</summary>
    public int Size { get; init; }

    /// <summary>The access is a store.</summary>
    public bool Writes { get; init; }

    /// <summary>Holds the linear address, in checks that keep the flags.</summary>
    public HostRegister AddressRegister { get; init; }

    /// <summary>How to make the flags again.</summary>
    public FlagRecipe Recipe { get; init; }

    /// <summary>The branch leads backwards.</summary>
    public bool IsBackward { get; init; }
}
