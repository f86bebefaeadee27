namespace Ringmaster.Firmware.Tests.Images;

/// <summary>Multiboot headers, alone or in front of code.</summary>
internal static class MultibootFile
{
    private const uint Magic = 0x1BAD_B002;

    public static byte[] Header(uint flags) => new ByteWriter().U32(Magic).U32(flags).U32(unchecked(0 - Magic - flags)).ToArray();

    /// <summary>A file that is no ELF: four bytes of code, the header with addresses, more code.</summary>
    public static byte[] WithAddresses(uint load, uint loadEnd, uint bssEnd, uint entry, uint? header = null) => new ByteWriter()
        .Bytes([0x90, 0x90, 0x90, 0x90])
        .Bytes(Header(1 << 16)).U32(header ?? load + 4).U32(load).U32(loadEnd).U32(bssEnd).U32(entry)
        .Bytes([0xF4, 0xF4, 0xF4, 0xF4]).ToArray();
}
