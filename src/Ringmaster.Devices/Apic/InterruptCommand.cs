namespace Ringmaster.Devices.Apic;

/// <summary>The interrupt command register (SDM 3A 11.6.1 figure 11-12, and 11.12.9 for its x2APIC form).</summary>
/// <param name="Value">Both halves; the destination is in bits 63:56 (xAPIC) or 63:32 (x2APIC).</param>
internal readonly record struct InterruptCommand(ulong Value)
{
    /// <summary>Low-half bits that software can set.</summary>
    public const uint WritableLow = 0x000C_CFFF;

    /// <summary>Delivery status: always idle here. x2APIC has no such bit, but tolerates software that writes back what it once read.</summary>
    public const uint StatusBit = 1 << 12;

    public byte Vector => (byte)Value;

    public DeliveryMode Mode => (DeliveryMode)((Value >> 8) & 7);

    public bool IsLogical => (Value & (1 << 11)) != 0;

    public bool IsAssert => (Value & (1 << 14)) != 0;

    public bool IsLevel => (Value & (1 << 15)) != 0;

    public DestinationShorthand Shorthand => (DestinationShorthand)((Value >> 18) & 3);

    /// <summary>Whether it is the INIT level de-assert that only synchronised the arbitration IDs of old processors.</summary>
    public bool IsInitDeassert => Mode == DeliveryMode.Init && IsLevel && !IsAssert;

    public ApicDestination Destination(bool x2Apic) =>
        x2Apic ? new((uint)(Value >> 32), IsLogical, IsWide: true) : new((uint)(Value >> 56), IsLogical);
}
