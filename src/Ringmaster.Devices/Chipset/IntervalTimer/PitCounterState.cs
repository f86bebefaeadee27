namespace Ringmaster.Devices.Chipset.IntervalTimer;

/// <summary>The saved state of one of the 8254's counters. Times are numbers of input clock pulses since the VM's time 0.</summary>
/// <param name="Mode">0 to 5.</param>
/// <param name="Decimal">Counts in four BCD digits.</param>
/// <param name="Access">Which bytes are accessed: 1 low, 2 high, 3 low then high.</param>
/// <param name="Gate">Level of the GATE input.</param>
/// <param name="Output">Level of the OUT pin when last worked out.</param>
/// <param name="Count">What the present cycle counts down from, 1 to 65536; 0 before the first load.</param>
/// <param name="NextCount">A count written but not yet loaded, or 0.</param>
/// <param name="Origin">The pulse that loaded the present cycle's count.</param>
/// <param name="Frozen">Pulses counted when GATE stopped the cycle, or null while it runs.</param>
/// <param name="LowByte">The first byte of a two-byte count, or null if the next one written is the first.</param>
/// <param name="ReadHigh">The next read of a two-byte count gives its high byte.</param>
/// <param name="LatchedCount">A latched count not yet read, or null.</param>
/// <param name="LatchedStatus">A latched status not yet read, or null.</param>
public sealed record PitCounterState(
    byte Mode,
    bool Decimal,
    byte Access,
    bool Gate,
    bool Output,
    int Count,
    int NextCount,
    long Origin,
    long? Frozen,
    byte? LowByte,
    bool ReadHigh,
    ushort? LatchedCount,
    byte? LatchedStatus);
