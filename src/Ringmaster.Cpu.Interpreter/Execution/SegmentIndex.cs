namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Indices of segment registers: the order of their encoding, then the system ones.</summary>
internal static class SegmentIndex
{
    public const int Es = 0, Cs = 1, Ss = 2, Ds = 3, Fs = 4, Gs = 5, Ldtr = 6, Tr = 7;
}
