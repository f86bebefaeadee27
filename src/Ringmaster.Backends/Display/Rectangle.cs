namespace Ringmaster.Backends.Display;

/// <summary>A part of a picture, in pixels.</summary>
/// <param name="X">The left edge.</param>
/// <param name="Y">The upper edge.</param>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Lines.</param>
internal readonly record struct Rectangle(int X, int Y, int Width, int Height)
{
    internal bool IsEmpty => Width <= 0 || Height <= 0;

    internal int Right => X + Width;

    internal int Bottom => Y + Height;

    /// <summary>What both have in common; empty for nothing.</summary>
    internal Rectangle Common(Rectangle other)
    {
        var x = Math.Max(X, other.X);
        var y = Math.Max(Y, other.Y);
        return new(x, y, Math.Max(0, Math.Min(Right, other.Right) - x), Math.Max(0, Math.Min(Bottom, other.Bottom) - y));
    }

    /// <summary>The least rectangle that holds both.</summary>
    internal Rectangle Around(Rectangle other)
    {
        if (IsEmpty)
            return other;
        if (other.IsEmpty)
            return this;
        var x = Math.Min(X, other.X);
        var y = Math.Min(Y, other.Y);
        return new(x, y, Math.Max(Right, other.Right) - x, Math.Max(Bottom, other.Bottom) - y);
    }
}
