namespace Ringmaster.Devices.Display;

/// <summary>The size of a picture.</summary>
/// <param name="Width">Pixels, 1 to <see cref="Most"/>.</param>
/// <param name="Height">Pixels, 1 to <see cref="Most"/>.</param>
public readonly record struct ScreenSize(int Width, int Height)
{
    /// <summary>The most pixels in a row or column.</summary>
    public const int Most = 8192;

    /// <summary>Pixels of the whole picture.</summary>
    public int Pixels => Width * Height;

    /// <inheritdoc/>
    public override string ToString() => $"{Width}x{Height}";
}
