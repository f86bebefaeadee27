using Ringmaster.Devices.Pci;

namespace Ringmaster.Devices.Virtio.Pci;

/// <summary>Registers of fixed places and widths, which may also be accessed in parts.</summary>
internal abstract class FieldBlock : IRegisterBlock
{
    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        ulong value = 0;
        for (var done = 0; done < size;)
        {
            var (start, length) = FieldAt((int)offset + done);
            var (skip, part) = Part((int)offset + done, start, length, size - done);
            value |= (ReadField(start) >> (8 * skip) & Mask(part)) << (8 * done);
            done += part;
        }
        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        for (var done = 0; done < size;)
        {
            var (start, length) = FieldAt((int)offset + done);
            var (skip, part) = Part((int)offset + done, start, length, size - done);
            var written = value >> (8 * done) & Mask(part);
            WriteField(start, part == length ? written : (ReadField(start) & ~(Mask(part) << (8 * skip))) | written << (8 * skip));
            done += part;
        }
    }

    /// <summary>The field that a byte belongs to; one byte of nothing where there is none.</summary>
    protected abstract (int Start, int Length) FieldAt(int offset);

    /// <summary>Reads a field.</summary>
    protected abstract ulong ReadField(int start);

    /// <summary>Writes a field.</summary>
    protected abstract void WriteField(int start, ulong value);

    private static (int Skip, int Part) Part(int at, int start, int length, int remaining) => (at - start, Math.Min(start + length - at, remaining));

    private static ulong Mask(int bytes) => bytes >= 8 ? ulong.MaxValue : (1UL << (8 * bytes)) - 1;
}
