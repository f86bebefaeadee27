namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>Bytes that a region was made from.</summary>
/// <param name="Page">Number of the guest-physical page.</param>
/// <param name="First">Offset of the first.</param>
/// <param name="End">Offset of the one past the last.</param>
internal readonly record struct SourceRun(ulong Page, ushort First, ushort End);
