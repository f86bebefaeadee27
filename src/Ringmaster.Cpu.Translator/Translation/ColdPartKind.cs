namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>What a <see cref="ColdPart"/> does.</summary>
internal enum ColdPartKind
{
    /// <summary>Continues a check that failed.</summary>
    Miss,

    /// <summary>Has the interpreter carry out an instruction that generated code usually does itself.</summary>
    InPlace,

    /// <summary>Has the interpreter carry out an instruction that crosses into a page that may be mapped otherwise now.</summary>
    Crossing,

    /// <summary>Leaves for the interpreter after an operand was found unfit; the flags must be made again.</summary>
    Unfit,

    /// <summary>A direct branch to code outside of the region, or a call.</summary>
    Branch,

    /// <summary>An indirect branch whose target is not known.</summary>
    UnknownTarget,
}
