using Ringmaster.Devices.Apic;

namespace Ringmaster.Devices.Tests.Apic;

/// <summary>A time-stamp counter of 2 GHz with an offset.</summary>
internal sealed class FakeTsc : ITscClock
{
    public ulong Offset { get; set; }

    public ulong TscAt(long nanoseconds) => (ulong)nanoseconds * 2 + Offset;

    public long DeadlineOf(ulong tsc)
    {
        if (tsc <= Offset)
            return 0;
        var ticks = tsc - Offset;
        return ticks / 2 > long.MaxValue / 2 ? long.MaxValue : (long)((ticks + 1) / 2);
    }
}
