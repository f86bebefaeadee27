using Ringmaster.Devices.Flash;

namespace Ringmaster.Devices.Tests.Flash;

/// <summary>Keeps a flash memory's content and counts what is written.</summary>
internal sealed class RecordingFlash : IFlashBackend
{
    public RecordingFlash(int blocks)
    {
        Kept = new byte[blocks * CfiFlash.BlockSize];
        new Random(blocks).NextBytes(Kept);
        Content = Kept.ToArray();
    }

    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>What the memory should hold.</summary>
    public byte[] Kept { get; }

    public void Write(int offset, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Kept.AsSpan(offset));
}
