namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>Where a guest instruction's code begins.</summary>
/// <param name="Place">Bytes from the region's first.</param>
/// <param name="Offset">The instruction's address, in bytes from the region's linear one.</param>
/// <param name="Uncounted">Instructions of its block, itself included, that have been counted ahead.</param>
internal readonly record struct InstructionPlace(int Place, short Offset, short Uncounted)
{
    /// <summary>Where it goes on if its operand makes the host fault, in bytes from the region's first; 0 if it may leave as it is.</summary>
    public int Unfit { get; init; }
}
