namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>What a region is found by.</summary>
/// <param name="Physical">Guest-physical address of its first byte.</param>
/// <param name="Linear">Linear address of its first byte: RIP-relative operands and return addresses are constants in its code.</param>
/// <param name="Context">Number of the <see cref="TranslationContext"/> that it was made for.</param>
/// <param name="IsUngrouped">It checks each memory operand alone, and ends with its first block.</param>
internal readonly record struct RegionKey(ulong Physical, ulong Linear, int Context, bool IsUngrouped = false)
{
    /// <summary>The same for regions from the same code, wherever it is mapped.</summary>
    public RegionKey Anywhere => this with { Linear = 0 };
}
