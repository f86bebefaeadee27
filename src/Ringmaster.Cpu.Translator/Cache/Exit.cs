namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>A place where generated code leaves, with the region that it is in.</summary>
/// <param name="From">The region.</param>
/// <param name="Point">The place.</param>
internal readonly record struct Exit(Region From, ExitPoint Point);
