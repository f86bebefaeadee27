namespace Ringmaster.Devices.Display;

/// <summary>A display device's picture. All members are called with the machine's lock held.</summary>
public interface IScreen
{
    /// <summary>What is shown now. A guest may change it at any time.</summary>
    ScreenSize Size { get; }

    /// <summary>Copies the picture.</summary>
    /// <param name="pixels">
    /// <see cref="ScreenSize.Pixels"/> pixels, row by row from the upper left, each 00RRGGBBh.
    /// </param>
    void Capture(Span<uint> pixels);
}
