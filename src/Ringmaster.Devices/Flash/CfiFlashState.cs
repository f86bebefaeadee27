namespace Ringmaster.Devices.Flash;

/// <summary>The saved state of a <see cref="CfiFlash"/>.</summary>
/// <param name="Mode">What the next bus cycle means.</param>
/// <param name="Status">The status register.</param>
/// <param name="Target">The offset that a command under way is for.</param>
/// <param name="Remaining">Bytes that the buffer still waits for.</param>
/// <param name="Buffer">The buffer.</param>
/// <param name="Content">What the memory holds.</param>
public sealed record CfiFlashState(FlashMode Mode, byte Status, int Target, int Remaining, byte[] Buffer, byte[] Content);
