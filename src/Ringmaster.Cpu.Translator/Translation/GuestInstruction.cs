using Iced.Intel;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>A guest instruction on its way to host code.</summary>
internal struct GuestInstruction
{
    /// <summary>As decoded; branch targets and RIP-relative addresses are linear.</summary>
    public Instruction Iced;

    /// <summary>Offset of its first byte in the page.</summary>
    public int Offset;

    /// <summary>Offset of the byte after it.</summary>
    public int End;

    /// <summary>How it is translated.</summary>
    public InstructionKind Kind;

    /// <summary>It uses vector registers or MXCSR.</summary>
    public bool UsesVectors;

    /// <summary>Flags that it reads.</summary>
    public RflagsBits Reads;

    /// <summary>Flags that it changes.</summary>
    public RflagsBits Changes;

    /// <summary>Flags that something reads after it, before they are changed again.</summary>
    public RflagsBits LiveAfter;

    /// <summary>Flags that something reads from before it on.</summary>
    public readonly RflagsBits LiveBefore => (LiveAfter & ~Changes) | Reads;
}
