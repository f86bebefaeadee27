namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>Packed decimal integers: eighteen digits in nine bytes, then a byte with the sign (SDM 1 4.7).</summary>
internal static class PackedDecimal
{
    /// <summary>The smallest magnitude that does not fit.</summary>
    public const ulong Limit = 1_000_000_000_000_000_000;

    /// <summary>The magnitude. Digits above nine, whose result is undefined, count with their binary value.</summary>
    /// <param name="low">The lower sixteen digits.</param>
    /// <param name="high">The upper two.</param>
    public static ulong ToMagnitude(ulong low, byte high)
    {
        ulong value = (uint)(high >> 4) * 10u + (high & 0xFu);
        for (var shift = 60; shift >= 0; shift -= 4)
            value = value * 10 + (low >> shift & 0xF);
        return value;
    }

    /// <summary>The digits of a magnitude below <see cref="Limit"/>.</summary>
    public static (ulong Low, byte High) FromMagnitude(ulong value)
    {
        ulong low = 0;
        for (var shift = 0; shift < 64; shift += 4)
        {
            low |= value % 10 << shift;
            value /= 10;
        }
        return (low, (byte)(value % 10 | (value / 10 << 4)));
    }
}
