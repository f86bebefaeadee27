namespace Ringmaster.Devices.Display.Vga;

/// <summary>A piece of saved video memory.</summary>
/// <param name="Number">Which: it starts at <see cref="Size"/> times this.</param>
/// <param name="Content"><see cref="Size"/> bytes.</param>
public sealed record VideoPage(int Number, byte[] Content)
{
    /// <summary>Bytes of a page.</summary>
    public const int Size = 4096;
}
