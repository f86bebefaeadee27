using Iced.Intel;

namespace Ringmaster.Coverage.Tests.Guest;

/// <summary>How an instruction ended in the test guest.</summary>
/// <param name="Decoded">What the interpreter's decoder took the bytes for; <see cref="Code.INVALID"/> for no instruction.</param>
/// <param name="Vector">The exception or interrupt that it raised; null if it completed.</param>
/// <param name="Problem">Why the guest did not come to its end; null if it did.</param>
internal readonly record struct ExecutionOutcome(Code Decoded, byte? Vector, string? Problem);
