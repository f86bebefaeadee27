namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>What the delivery of an event has pushed, and so the state that it interrupted.</summary>
/// <param name="Error">The error code, if there is one.</param>
/// <param name="Rip">Return address.</param>
/// <param name="Cs">Its segment.</param>
/// <param name="Flags">RFLAGS.</param>
/// <param name="Rsp">The interrupted stack pointer.</param>
internal readonly record struct PushedFrame(uint? Error, ulong Rip, ushort Cs, ulong Flags, ulong Rsp);
