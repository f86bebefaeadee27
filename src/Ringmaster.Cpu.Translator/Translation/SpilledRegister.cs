using Ringmaster.Cpu.Translator.Emission;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>A guest register that lives in the vCPU's area, and the scratch register that stands in for it in an instruction.</summary>
/// <param name="Guest">Its number.</param>
/// <param name="Host">The scratch register.</param>
/// <param name="IsRead">It must be loaded before the instruction.</param>
/// <param name="IsWritten">It must be stored after it.</param>
internal readonly record struct SpilledRegister(int Guest, HostRegister Host, bool IsRead, bool IsWritten);
