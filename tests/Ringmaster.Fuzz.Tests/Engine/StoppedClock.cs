using Ringmaster.Cpu;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>A time-stamp counter that stands still, so that a case is the same each time.</summary>
internal sealed class StoppedClock : ITimestampCounter
{
    public ulong Frequency => 1_000_000_000;

    public ulong Now => 0x1234_5678;
}
