namespace Ringmaster.Devices.Flash;

/// <summary>Where a flash memory's content comes from and what keeps it.</summary>
public interface IFlashBackend
{
    /// <summary>What the memory holds at first; a multiple of <see cref="CfiFlash.BlockSize"/>, not empty.</summary>
    ReadOnlyMemory<byte> Content { get; }

    /// <summary>Some bytes have changed. Called with the machine's lock held; does not wait.</summary>
    /// <param name="offset">The first one.</param>
    /// <param name="bytes">What they are now.</param>
    void Write(int offset, ReadOnlySpan<byte> bytes);
}
