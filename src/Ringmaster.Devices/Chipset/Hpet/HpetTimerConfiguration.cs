namespace Ringmaster.Devices.Chipset.Hpet;

/// <summary>Low half of a timer's configuration and capability register (IA-PC HPET 1.0a 2.3.8).</summary>
/// <param name="Value">The bits that software can set; capabilities are added when it is read.</param>
internal readonly record struct HpetTimerConfiguration(uint Value)
{
    public const uint SetValueBit = 1 << 6, RouteMask = 0x1F << 9, MessageBit = 1 << 14;

    /// <summary>INT_TYPE, INT_ENB, TYPE, VAL_SET, 32MODE, INT_ROUTE; FSB_EN where it is offered.</summary>
    public const uint Writable = 0x014E | RouteMask;

    /// <summary>PER_INT_CAP and SIZE_CAP.</summary>
    public const uint Capabilities = 0x30;

    /// <summary>FSB_INT_DEL_CAP.</summary>
    public const uint MessageCapability = 1 << 15;

    public bool IsLevel => (Value & (1 << 1)) != 0;

    public bool IsInterruptEnabled => (Value & (1 << 2)) != 0;

    public bool IsPeriodic => (Value & (1 << 3)) != 0;

    public bool SetsValue => (Value & SetValueBit) != 0;

    public bool Is32Bit => (Value & (1 << 8)) != 0;

    public int Route => (int)(Value >> 9) & 0x1F;

    public bool UsesMessage => (Value & MessageBit) != 0;
}
