namespace Ringmaster.Cpu.Translator.Emission;

/// <summary>A place in the code being emitted, to which branches may lead before it is known.</summary>
/// <param name="Number">Its number in the assembler that made it.</param>
internal readonly record struct HostLabel(int Number);
