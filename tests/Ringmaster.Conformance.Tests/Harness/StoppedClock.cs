using Ringmaster.Cpu;

namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>A time-stamp counter that stands at one million.</summary>
/// <param name="frequency">Its rate in Hz, as far as software can tell of one that stands.</param>
internal sealed class StoppedClock(ulong frequency = 1_000_000_000) : ITimestampCounter
{
    public const ulong Value = 1_000_000;

    public ulong Frequency => frequency;

    public ulong Now => Value;
}
