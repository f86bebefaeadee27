using System.Globalization;

namespace Ringmaster.Machine.Configuration;

/// <summary>An amount of memory.</summary>
/// <param name="Bytes">In bytes.</param>
public readonly record struct ByteSize(ulong Bytes) : IComparable<ByteSize>
{
    private const ulong Kilo = 1024;

    /// <summary>A number of mebibytes.</summary>
    public static ByteSize FromMebibytes(ulong count) => new(count * Kilo * Kilo);

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>Whether <paramref name="left"/> is less.</summary>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <summary>Whether <paramref name="left"/> is more.</summary>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <summary>Whether <paramref name="left"/> is less or the same.</summary>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <summary>Whether <paramref name="left"/> is more or the same.</summary>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    /// <summary>
    /// Reads <c>512M</c>, <c>1.5G</c>, <c>64MiB</c>, <c>4096B</c>; units are powers of 1024. A bare number below 1048576 counts
    /// mebibytes, as QEMU's -m does, and a larger one bytes: nobody means a tebibyte by it.
    /// </summary>
    /// <returns>False if the text is no size or one of 2^64 bytes or more.</returns>
    public static bool TryParse(string? text, out ByteSize size)
    {
        size = default;
        text = text?.Trim() ?? "";
        var digits = text.AsSpan().TrimEnd("kKmMgGtTiIbB");
        var unit = text[digits.Length..].ToUpperInvariant();
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        if (digits.Length > 24 || !decimal.TryParse(digits.TrimEnd(' '), style, CultureInfo.InvariantCulture, out var number))
            return false;
        if (Factor(unit, number) is not { } factor || number > ulong.MaxValue / factor)
            return false;
        var bytes = number * factor;
        size = new ByteSize((ulong)bytes);
        return bytes == size.Bytes || unit.Length > 0;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var (amount, unit) = Bytes switch
        {
            >= Kilo * Kilo * Kilo when Bytes % (Kilo * Kilo * Kilo / 2) == 0 => (Bytes / (decimal)(Kilo * Kilo * Kilo), "G"),
            >= Kilo * Kilo when Bytes % (Kilo * Kilo / 2) == 0 => (Bytes / (decimal)(Kilo * Kilo), "M"),
            >= Kilo when Bytes % Kilo == 0 => (Bytes / (decimal)Kilo, "K"),
            _ => (Bytes, "B"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{amount:0.#}{unit}");
    }

    private static ulong? Factor(string unit, decimal number) => unit switch
    {
        "" => number < Kilo * Kilo ? Kilo * Kilo : 1,
        "B" => 1,
        "K" or "KB" or "KIB" => Kilo,
        "M" or "MB" or "MIB" => Kilo * Kilo,
        "G" or "GB" or "GIB" => Kilo * Kilo * Kilo,
        "T" or "TB" or "TIB" => Kilo * Kilo * Kilo * Kilo,
        _ => null,
    };
}
