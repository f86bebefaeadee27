using System.Buffers.Binary;
using Ringmaster.Firmware.Boot.Elf;

namespace Ringmaster.Firmware.Boot.Pvh;

/// <summary>The ELF notes named "Xen" of a kernel (xen/include/public/elfnote.h).</summary>
internal static class PvhNotes
{
    private const uint Physical32Entry = 18;
    private const int NoteHeaderSize = 12;

    /// <summary>XEN_ELFNOTE_PHYS32_ENTRY, the PVH entry point, or null if there is none.</summary>
    public static ulong? FindEntry(ElfImage image)
    {
        foreach (var segment in image.Segments)
        {
            if (segment.Type == ElfSegment.Note && FindEntry(image.Content(segment), segment.Alignment == 8 ? 8 : 4) is { } entry)
                return entry;
        }
        return null;
    }

    private static ulong? FindEntry(ReadOnlySpan<byte> notes, int alignment)
    {
        while (notes.Length >= NoteHeaderSize)
        {
            var nameSize = BinaryPrimitives.ReadUInt32LittleEndian(notes);
            var contentSize = BinaryPrimitives.ReadUInt32LittleEndian(notes[4..]);
            var type = BinaryPrimitives.ReadUInt32LittleEndian(notes[8..]);
            var content = Aligned(NoteHeaderSize + (long)nameSize, alignment);
            var next = Aligned(content + contentSize, alignment);
            if (content + contentSize > notes.Length)
                return null;
            if (type == Physical32Entry && notes.Slice(NoteHeaderSize, (int)nameSize).SequenceEqual("Xen\0"u8))
            {
                var value = notes.Slice((int)content, (int)contentSize);
                if (contentSize >= 8)
                    return BinaryPrimitives.ReadUInt64LittleEndian(value);
                if (contentSize >= 4)
                    return BinaryPrimitives.ReadUInt32LittleEndian(value);
            }
            if (next >= notes.Length)
                return null;
            notes = notes[(int)next..];
        }
        return null;
    }

    private static long Aligned(long offset, int alignment) => (offset + alignment - 1) & ~(long)(alignment - 1);
}
