namespace Ringmaster.Devices.Apic;

/// <summary>An entry of the local vector table (SDM 3A 11.5.1, figure 11-8).</summary>
/// <param name="Value">The register.</param>
internal readonly record struct LvtEntry(uint Value)
{
    public const uint MaskBit = 1 << 16, LevelBit = 1 << 15, RemoteIrrBit = 1 << 14, PolarityBit = 1 << 13, StatusBit = 1 << 12;

    public byte Vector => (byte)Value;

    public DeliveryMode Mode => (DeliveryMode)((Value >> 8) & 7);

    public bool IsLevel => (Value & LevelBit) != 0;

    public bool IsMasked => (Value & MaskBit) != 0;

    public ApicTimerMode TimerMode => (ApicTimerMode)((Value >> 17) & 3);

    public LvtEntry Masked => new(Value | MaskBit);

    /// <summary>Bits that software can set in an entry; zero for what is not an LVT register.</summary>
    public static uint Writable(ApicRegister register, LocalApicFeatures features) => register switch
    {
        ApicRegister.LvtTimer => 0x300FFu | (features.TscDeadline ? 1u << 18 : 0),
        ApicRegister.LvtError => 0x100FF,
        ApicRegister.LvtLint0 or ApicRegister.LvtLint1 => 0x1A7FF,
        ApicRegister.LvtThermal or ApicRegister.LvtPerformance => 0x107FF,
        ApicRegister.LvtCorrectedMachineCheck when features.CorrectedMachineCheck => 0x107FF,
        _ => 0,
    };
}
