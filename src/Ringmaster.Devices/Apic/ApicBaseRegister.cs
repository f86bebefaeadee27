namespace Ringmaster.Devices.Apic;

/// <summary>IA32_APIC_BASE, MSR 1Bh (SDM 3A 11.4.4 and 11.12.1).</summary>
/// <param name="Value">The register.</param>
internal readonly record struct ApicBaseRegister(ulong Value)
{
    public const ulong DefaultAddress = 0xFEE0_0000;
    public const ulong BootstrapBit = 1 << 8, X2ApicBit = 1 << 10, EnableBit = 1 << 11;

    public bool IsX2Apic => (Value & X2ApicBit) != 0;

    public bool IsEnabled => (Value & EnableBit) != 0;

    public ulong Address => Value & ~0xFFFUL;

    /// <summary>Bits that have to be zero.</summary>
    public static ulong Reserved(LocalApicFeatures features) =>
        0xFFUL | (1 << 9) | (features.X2Apic ? 0 : X2ApicBit) | (ulong.MaxValue << features.PhysicalAddressBits);

    /// <summary>Whether software may go from this mode to that of another value (SDM 3A 11.12.5, figure 11-27).</summary>
    public bool AllowsTransitionTo(ApicBaseRegister next) => (IsEnabled, IsX2Apic, next.IsEnabled, next.IsX2Apic) switch
    {
        (_, _, false, true) => false,
        (true, true, true, false) => false,
        (false, _, true, true) => false,
        _ => true,
    };
}
