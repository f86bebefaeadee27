namespace Ringmaster.Devices.Apic;

/// <summary>An entry of the I/O redirection table (82093AA 3.2.4).</summary>
/// <param name="Value">The 64-bit register.</param>
internal readonly record struct RedirectionEntry(ulong Value)
{
    public const ulong MaskBit = 1 << 16, LevelBit = 1 << 15, RemoteIrrBit = 1 << 14, StatusBit = 1 << 12;

    /// <summary>
    /// Bits that software can set. Bits 55:49 extend the destination as bits 11:5 of an MSI address do. The polarity bit 13
    /// is kept but means nothing: an <see cref="Interrupts.IInterruptLine"/> is asserted or not, whatever its electrical level.
    /// </summary>
    public const ulong Writable = 0xFFFE_0000_0001_AFFF;

    public byte Vector => (byte)Value;

    /// <summary>The delivery mode; 82093AA 3.2.4 has none that is a start-up.</summary>
    public DeliveryMode Mode => (DeliveryMode)((Value >> 8) & 7) is var mode and not DeliveryMode.Startup ? mode : DeliveryMode.Reserved;

    public bool IsMasked => (Value & MaskBit) != 0;

    public bool RemoteIrr => (Value & RemoteIrrBit) != 0;

    /// <summary>Level-sensitive; 82093AA 3.2.4 lets only fixed and lowest-priority delivery be that.</summary>
    public bool IsLevel => (Value & LevelBit) != 0 && Mode is DeliveryMode.Fixed or DeliveryMode.LowestPriority;

    public ApicMessage Message => new(
        new ApicDestination((uint)(Value >> 56) | ((uint)((Value >> 49) & 0x7F) << 8), (Value & (1 << 11)) != 0),
        Mode, Vector, IsLevel);

    public RedirectionEntry With(ulong bit, bool on) => new(on ? Value | bit : Value & ~bit);
}
