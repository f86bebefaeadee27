namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>Memory operands of a region that share a slot: they are formed alike, so they are likely to be near each other.</summary>
/// <param name="Base">Number of the base register.</param>
/// <param name="Index">Number of the index register.</param>
/// <param name="Segment">FS, GS or none.</param>
/// <param name="Vicinity">Near which displacement, or the page of an operand that no register takes part in.</param>
/// <param name="Writes">For stores.</param>
/// <param name="Margin">See <see cref="Memory.SiteSlot.MarginOf"/>.</param>
/// <param name="IsRelative">The page is counted from the region's.</param>
internal readonly record struct SlotKey(int Base, int Index, int Segment, ulong Vicinity, bool Writes, int Margin, bool IsRelative);
