using Ringmaster.Cpu;

namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>A time-stamp counter that stands at one million.</summary>
internal sealed class StoppedClock : ITimestampCounter
{
    public const ulong Value = 1_000_000;

    public ulong Frequency => 1_000_000_000;

    public ulong Now => Value;
}
