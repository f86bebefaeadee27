namespace Ringmaster.Cpu.Translator.Emission;

/// <summary>The arithmetic operations of opcodes 00 to 3F, by their number there.</summary>
internal enum Alu : byte
{
    Add, Or, AddWithCarry, SubtractWithBorrow, And, Subtract, Xor, Compare,
}
