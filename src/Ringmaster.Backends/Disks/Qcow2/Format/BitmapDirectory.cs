namespace Ringmaster.Backends.Disks.Qcow2.Format;

/// <summary>Where an image lists its dirty bitmaps, which this program keeps account of but does not use.</summary>
/// <param name="Count">Bitmaps.</param>
/// <param name="Offset">The list's offset in the file.</param>
/// <param name="Length">The list's bytes.</param>
internal sealed record BitmapDirectory(int Count, long Offset, long Length);
