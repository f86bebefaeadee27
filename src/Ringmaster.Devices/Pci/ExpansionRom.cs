using System.Numerics;

namespace Ringmaster.Devices.Pci;

/// <summary>An expansion ROM: a program for firmware that comes with a card (PCI Local Bus 3.0 section 6.3). Bytes behind it read as FFh.</summary>
/// <param name="bytes">What it holds, not empty.</param>
internal sealed class ExpansionRom(ReadOnlyMemory<byte> bytes) : IRegisterBlock
{
    private const uint Least = 2048;

    /// <summary>Bytes that it takes: a power of two.</summary>
    public ulong Size { get; } = Math.Max(Least, BitOperations.RoundUpToPowerOf2((uint)bytes.Length));

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        ulong value = 0;
        for (var i = 0; i < size; i++)
            value |= (ulong)(offset + (ulong)i < (ulong)bytes.Length ? bytes.Span[(int)offset + i] : 0xFF) << (8 * i);
        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
    }
}
