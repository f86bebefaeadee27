namespace Ringmaster.Devices.Storage.Ide;

/// <summary>What is in a drive's buffer.</summary>
/// <param name="Bytes">The content.</param>
/// <param name="Start">Where the present block of data starts.</param>
/// <param name="Position">Where the next access of the data register is.</param>
/// <param name="End">Where the present block ends.</param>
public sealed record PioBufferState(byte[] Bytes, int Start, int Position, int End);
