namespace Ringmaster.Cpu.Translator.Emission;

/// <summary>Conditions of Jcc, by their number in opcodes (SDM 2D B.1.4.7).</summary>
internal enum Condition : byte
{
    Overflow, NotOverflow, Below, AboveOrEqual, Equal, NotEqual, BelowOrEqual, Above,
    Sign, NotSign, Parity, NotParity, Less, GreaterOrEqual, LessOrEqual, Greater,
}
