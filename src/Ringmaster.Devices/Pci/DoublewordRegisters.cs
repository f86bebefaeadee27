namespace Ringmaster.Devices.Pci;

/// <summary>
/// Registers of 32 bits behind a base address register. A guest may read any part of them, but writes change only whole ones: what
/// else a write does is left open by those standards whose registers are so.
/// </summary>
/// <param name="read">Reads the register at an offset, a multiple of 4.</param>
/// <param name="write">Writes it.</param>
internal sealed class DoublewordRegisters(Func<int, uint> read, Action<int, uint> write) : IRegisterBlock
{
    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        ulong value = 0;
        for (var done = 0; done < size;)
        {
            // What a read does beside giving a value happens once for each register.
            var (register, first) = ((int)offset + done & ~3, (int)offset + done & 3);
            var count = Math.Min(4 - first, size - done);
            value |= (ulong)(read(register) >> (8 * first) & uint.MaxValue >> (32 - 8 * count)) << (8 * done);
            done += count;
        }
        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (offset % 4 != 0 || size is not (4 or 8))
            return;
        write((int)offset, (uint)value);
        if (size == 8)
            write((int)offset + 4, (uint)(value >> 32));
    }
}
