using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Tests.Chained;

/// <summary>What is left of a block's execution.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Last">Number of the operation that ended it.</param>
/// <param name="Rip">Where it goes on, if it ended in a branch.</param>
/// <param name="Flags">The arithmetic flags.</param>
/// <param name="Registers">The general registers.</param>
/// <param name="Memory">A digest of memory.</param>
internal sealed record ChainedOutcome(Status Status, int Last, ulong Rip, uint Flags, string Registers, string Memory);
