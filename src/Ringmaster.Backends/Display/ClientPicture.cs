using Ringmaster.Devices.Display;

namespace Ringmaster.Backends.Display;

/// <summary>What a client has on its screen, and what must be sent to it to bring it up to date.</summary>
internal sealed class ClientPicture
{
    private const int TileWidth = 64, TileHeight = 16;

    // No screen has it: the upper byte of its pixels is zero.
    private const uint Unknown = uint.MaxValue;

    private uint[] _pixels = [];

    /// <summary>The picture's size.</summary>
    internal ScreenSize Size { get; private set; }

    /// <summary>The pixels, row by row.</summary>
    internal ReadOnlySpan<uint> Pixels => _pixels.AsSpan(0, Size.Pixels);

    private Rectangle Whole => new(0, 0, Size.Width, Size.Height);

    /// <summary>A row's part.</summary>
    internal ReadOnlySpan<uint> Row(int x, int y, int width) => _pixels.AsSpan(y * Size.Width + x, width);

    /// <summary>Takes on another size; nothing of the picture is known to the client then.</summary>
    internal void Resize(ScreenSize size)
    {
        Size = size;
        if (_pixels.Length < size.Pixels)
            _pixels = new uint[size.Pixels];
        _pixels.AsSpan(0, size.Pixels).Fill(Unknown);
    }

    /// <summary>Notes that the client wants a part whether it has changed or not.</summary>
    internal void Forget(Rectangle part)
    {
        part = part.Common(Whole);
        for (var y = part.Y; y < part.Bottom; y++)
            _pixels.AsSpan(y * Size.Width + part.X, part.Width).Fill(Unknown);
    }

    /// <summary>Takes on what has changed in a part.</summary>
    /// <param name="part">The part; what has changed elsewhere is found another time.</param>
    /// <param name="latest">The latest picture, which may have another size; what it lacks is black.</param>
    /// <param name="latestSize">Its size.</param>
    /// <param name="changes">Takes the changed rectangles.</param>
    internal void Update(Rectangle part, ReadOnlySpan<uint> latest, ScreenSize latestSize, List<Rectangle> changes)
    {
        changes.Clear();
        part = part.Common(Whole);
        var firstOfRow = 0;
        for (var y = part.Y / TileHeight * TileHeight; y < part.Bottom; y += TileHeight)
        {
            var previousRow = firstOfRow;
            firstOfRow = changes.Count;
            for (var x = part.X / TileWidth * TileWidth; x < part.Right; x += TileWidth)
            {
                var tile = new Rectangle(x, y, TileWidth, TileHeight).Common(part);
                if (!UpdateTile(tile, latest, latestSize))
                    continue;
                if (changes.Count > firstOfRow && changes[^1].Right == tile.X)
                    changes[^1] = changes[^1] with { Width = changes[^1].Width + tile.Width };
                else
                    changes.Add(tile);
            }
            firstOfRow = JoinRows(changes, previousRow, firstOfRow);
        }
    }

    /// <summary>Makes one rectangle of two that lie below each other, if the whole rows of tiles look alike.</summary>
    private static int JoinRows(List<Rectangle> changes, int previousRow, int row)
    {
        var count = changes.Count - row;
        if (count == 0 || count != row - previousRow)
            return row;
        for (var i = 0; i < count; i++)
        {
            var (above, below) = (changes[previousRow + i], changes[row + i]);
            if (above.X != below.X || above.Width != below.Width || above.Bottom != below.Y)
                return row;
        }
        for (var i = 0; i < count; i++)
            changes[previousRow + i] = changes[previousRow + i] with { Height = changes[previousRow + i].Height + changes[row + i].Height };
        changes.RemoveRange(row, count);
        return previousRow;
    }

    private bool UpdateTile(Rectangle tile, ReadOnlySpan<uint> latest, ScreenSize latestSize)
    {
        var changed = false;
        var there = Math.Clamp(latestSize.Width - tile.X, 0, tile.Width);
        for (var y = tile.Y; y < tile.Bottom; y++)
        {
            var known = _pixels.AsSpan(y * Size.Width + tile.X, tile.Width);
            var has = y < latestSize.Height ? there : 0;
            var from = has > 0 ? latest.Slice(y * latestSize.Width + tile.X, has) : [];
            if (!known[..has].SequenceEqual(from))
            {
                from.CopyTo(known);
                changed = true;
            }
            if (known[has..].ContainsAnyExcept(0u))
            {
                known[has..].Clear();
                changed = true;
            }
        }
        return changed;
    }
}
