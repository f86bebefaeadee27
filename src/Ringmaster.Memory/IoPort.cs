using System.Globalization;

namespace Ringmaster.Memory;

/// <summary>An address in the x86 I/O port space (SDM 1 19.3).</summary>
/// <param name="Value">0 to 0xFFFF.</param>
public readonly record struct IoPort(ushort Value) : IComparable<IoPort>
{
    /// <inheritdoc/>
    public int CompareTo(IoPort other) => Value.CompareTo(other.Value);

    /// <summary>The port <paramref name="count"/> further on, modulo 65536.</summary>
    public static IoPort operator +(IoPort port, int count) => new(unchecked((ushort)(port.Value + count)));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"0x{Value:x}");
}
