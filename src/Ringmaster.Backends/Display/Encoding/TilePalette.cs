namespace Ringmaster.Backends.Display.Encoding;

/// <summary>The colours of some pixels, as long as they are few.</summary>
internal sealed class TilePalette
{
    /// <summary>The most colours that it holds.</summary>
    internal const int Most = 256;

    private readonly uint[] _colours = new uint[Most];

    /// <summary>How many there are.</summary>
    internal int Count { get; private set; }

    internal ReadOnlySpan<uint> Colours => _colours.AsSpan(0, Count);

    /// <summary>Takes the colours of pixels.</summary>
    /// <returns>False if there are more than <paramref name="most"/>.</returns>
    internal bool TryTake(ReadOnlySpan<uint> pixels, int most)
    {
        Count = 0;
        // One that the first pixel does not have.
        var last = ~pixels[0];
        foreach (var pixel in pixels)
        {
            if (pixel == last)
                continue;
            last = pixel;
            if (Colours.Contains(pixel))
                continue;
            if (Count == most)
                return false;
            _colours[Count++] = pixel;
        }
        return true;
    }

    /// <summary>The number of a colour that it has.</summary>
    internal int IndexOf(uint colour) => Colours.IndexOf(colour);

    /// <summary>Packs the colours' numbers into rows of whole bytes, the first in the most significant bits.</summary>
    /// <param name="pixels">Pixels, all of whose colours it has.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="bits">Bits a pixel: 1, 2, 4 or 8.</param>
    /// <param name="into">Takes the bytes.</param>
    /// <returns>How many bytes there are.</returns>
    internal int Pack(ReadOnlySpan<uint> pixels, int width, int bits, Span<byte> into)
    {
        var count = 0;
        var lastColour = ~pixels[0];
        var lastIndex = 0;
        for (var row = 0; row < pixels.Length; row += width)
        {
            var used = 0;
            foreach (var pixel in pixels.Slice(row, width))
            {
                if (pixel != lastColour)
                    (lastColour, lastIndex) = (pixel, IndexOf(pixel));
                if (used == 0)
                    into[count++] = 0;
                used += bits;
                into[count - 1] |= (byte)(lastIndex << (8 - used));
                used &= 7;
            }
        }
        return count;
    }
}
