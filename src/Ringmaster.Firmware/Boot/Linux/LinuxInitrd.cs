namespace Ringmaster.Firmware.Boot.Linux;

/// <summary>
/// Joins initrds into one, each starting at a multiple of four bytes as a cpio archive must; the kernel skips zeros between
/// archives (Documentation/driver-api/early-userspace/buffer-format.rst).
/// </summary>
internal static class LinuxInitrd
{
    private const int ArchiveAlignment = 4;

    /// <summary>Bytes of all together.</summary>
    public static ulong Length(IReadOnlyList<BootModule> modules)
    {
        ulong length = 0;
        foreach (var module in modules)
            length = Aligned(length) + (ulong)module.Content.Length;
        return length;
    }

    /// <summary>Claims a place and copies them there.</summary>
    public static void Put(BootPlacement placement, IReadOnlyList<BootModule> modules, ulong address)
    {
        placement.Claim("initrd", address, Length(modules));
        ulong offset = 0;
        foreach (var module in modules)
        {
            placement.Fill(address + offset, default, Aligned(offset) - offset);
            offset = Aligned(offset);
            placement.Write(address + offset, module.Content.Span);
            offset += (ulong)module.Content.Length;
        }
    }

    private static ulong Aligned(ulong length) => (length + (ArchiveAlignment - 1)) & ~(ulong)(ArchiveAlignment - 1);
}
