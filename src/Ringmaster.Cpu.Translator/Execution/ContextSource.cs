using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>
/// The registers that a vCPU's <see cref="Cache.TranslationContext"/> follows from, beside the MMU mode: as long as they are what
/// they were, so is the context.
/// </summary>
internal readonly struct ContextSource
{
    /// <summary>The masks of all exceptions in MXCSR.</summary>
    public const uint AllMasks = 0x1F80;

    private readonly ulong _cr0, _cr4, _xcr0;
    private readonly uint _masks, _flatSegments;
    private readonly int _codeSize, _level;

    public ContextSource(Vcpu cpu)
    {
        (_cr0, _cr4, _xcr0) = (cpu.Cr0, cpu.Cr4, cpu.Xcr0);
        _masks = cpu.Fpu.Mxcsr & AllMasks;
        (_codeSize, _level) = (cpu.CodeSize, cpu.Cpl);
        _flatSegments = FlatSegmentsOf(cpu);
    }

    /// <summary>Whether a vCPU's registers are still these.</summary>
    public bool IsOf(Vcpu cpu) => _cr0 == cpu.Cr0 && _cr4 == cpu.Cr4 && _xcr0 == cpu.Xcr0 && _masks == (cpu.Fpu.Mxcsr & AllMasks)
        && _codeSize == cpu.CodeSize && _level == cpu.Cpl && _flatSegments == FlatSegmentsOf(cpu);

    private static uint FlatSegmentsOf(Vcpu cpu) => cpu.Is64BitMode ? 0 : cpu.FlatSegments | (cpu.HasFlatCodeAndStack ? 0x80u : 0);
}
