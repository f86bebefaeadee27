using System.Buffers.Binary;

namespace Ringmaster.Firmware.Boot.Multiboot;

/// <summary>The header of a multiboot 1 kernel (Multiboot Specification 0.6.96 section 3.1).</summary>
/// <param name="Offset">Where it stands in the file.</param>
/// <param name="Flags">What the kernel asks for.</param>
/// <param name="Addresses">header_addr, load_addr, load_end_addr, bss_end_addr, entry_addr; null unless flag 16 says they are there.</param>
internal sealed record MultibootHeader(int Offset, uint Flags, MultibootHeader.LoadAddresses? Addresses)
{
    private const uint Magic = 0x1BAD_B002, HasAddresses = 1 << 16;

    /// <summary>Requirements that the loader meets: modules on pages, memory information. A wish for a video mode is only a wish.</summary>
    private const uint UnderstoodRequirements = 7;

    private const int SearchedBytes = 8192, MinimumSize = 12, SizeWithAddresses = 32;

    /// <summary>Where a kernel that is no ELF file goes ("a.out kludge").</summary>
    internal readonly record struct LoadAddresses(uint Header, uint Load, uint LoadEnd, uint BssEnd, uint Entry);

    /// <summary>Finds the header; null if there is none.</summary>
    public static MultibootHeader? Find(ReadOnlySpan<byte> file)
    {
        var searched = file[..Math.Min(file.Length, SearchedBytes)];
        for (var offset = 0; offset + MinimumSize <= searched.Length; offset += 4)
        {
            var header = searched[offset..];
            var flags = U32(header[4..]);
            if (U32(header) != Magic || unchecked(Magic + flags + U32(header[8..])) != 0)
                continue;
            if ((flags & HasAddresses) == 0)
                return new MultibootHeader(offset, flags, null);
            if (header.Length < SizeWithAddresses)
                continue;
            return new MultibootHeader(
                offset, flags, new LoadAddresses(U32(header[12..]), U32(header[16..]), U32(header[20..]), U32(header[24..]), U32(header[28..])));
        }
        return null;
    }

    /// <exception cref="KernelLoadException">The kernel requires something that is not offered.</exception>
    public void CheckRequirements()
    {
        var unknown = Flags & 0xFFFF & ~UnderstoodRequirements;
        if (unknown != 0)
            throw new KernelLoadException(
                $"The multiboot kernel requires features that are not offered (flags 0x{unknown:x}); build it without them.");
    }

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
