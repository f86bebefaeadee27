namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>A place in a region's code that is different where the same guest code is mapped elsewhere.</summary>
/// <param name="Place">Bytes from the region's first.</param>
/// <param name="Kind">What is there.</param>
internal readonly record struct Relocation(int Place, RelocationKind Kind);
