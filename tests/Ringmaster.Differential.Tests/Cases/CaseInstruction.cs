using Iced.Intel;

namespace Ringmaster.Differential.Tests.Cases;

/// <summary>One instruction of a sequence.</summary>
/// <param name="Instruction">What it is; for raw bytes what they decode to, which may be invalid.</param>
/// <param name="Target">For near branches the index of the instruction that they lead to; the sequence's length for its end.</param>
/// <param name="Raw">The bytes, where they were not made by the encoder.</param>
internal sealed record CaseInstruction(Instruction Instruction, int? Target = null, byte[]? Raw = null);
