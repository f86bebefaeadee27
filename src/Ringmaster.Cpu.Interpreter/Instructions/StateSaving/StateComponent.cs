namespace Ringmaster.Cpu.Interpreter.Instructions.StateSaving;

/// <summary>The state components that the canonical state holds, by their bit in XCR0 and IA32_XSS (SDM 1 13.1).</summary>
internal static class StateComponent
{
    public const int X87 = 0, Sse = 1, Avx = 2, OpMask = 5, ZmmHigh256 = 6, HighZmm = 7, Pkru = 9;

    public const ulong X87Bit = 1 << X87, SseBit = 1 << Sse, AvxBit = 1 << Avx, Avx512Bits = 7 << OpMask, PkruBit = 1 << Pkru;

    /// <summary>All of them.</summary>
    public const ulong All = X87Bit | SseBit | AvxBit | Avx512Bits | PkruBit;
}
