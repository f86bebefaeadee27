using System.Buffers.Binary;

namespace Ringmaster.Machine.Configuration;

/// <summary>A look at a kernel file before anything is built: is it one, and is it whole?</summary>
internal static class KernelFile
{
    private const int HeadSize = 8192;
    private const uint ElfMagic = 0x464C_457F, MultibootMagic = 0x1BAD_B002, LinuxHeaderMagic = 0x5372_6448;
    private const int BootFlagOffset = 0x1FE, LinuxMagicOffset = 0x202, SetupSectorsOffset = 0x1F1, SystemSizeOffset = 0x1F4;
    private const ushort BootFlag = 0xAA55;

    /// <summary>What is wrong with the file.</summary>
    /// <param name="path">The file, which exists.</param>
    /// <param name="flat">Whether any content will do, because it is loaded as it is.</param>
    /// <returns>Full sentences, or null if the file looks right.</returns>
    internal static string? Problem(string path, bool flat)
    {
        var head = new byte[HeadSize];
        long length;
        int count;
        try
        {
            using var file = File.OpenRead(path);
            length = file.Length;
            count = file.ReadAtLeast(head, HeadSize, throwOnEndOfStream: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be read: {error.Message}";
        }
        if (count == 0)
            return $"{path} is empty. Name a kernel file.";
        if (flat)
            return null;
        return IsLinux(head, count) ? LinuxProblem(path, head, length) : OtherProblem(path, head.AsSpan(0, count));
    }

    /// <summary>Whether a file begins like a Linux image; false for one that cannot be read.</summary>
    internal static bool IsLinux(string path)
    {
        var head = new byte[HeadSize];
        try
        {
            using var file = File.OpenRead(path);
            return IsLinux(head, file.ReadAtLeast(head, HeadSize, throwOnEndOfStream: false));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsLinux(ReadOnlySpan<byte> head, int count) =>
        count >= LinuxMagicOffset + 4
        && BinaryPrimitives.ReadUInt16LittleEndian(head[BootFlagOffset..]) == BootFlag
        && BinaryPrimitives.ReadUInt32LittleEndian(head[LinuxMagicOffset..]) == LinuxHeaderMagic;

    /// <summary>The header gives the sizes of both parts of the file (Linux, Documentation/arch/x86/boot.rst).</summary>
    private static string? LinuxProblem(string path, ReadOnlySpan<byte> head, long length)
    {
        long setupSectors = head[SetupSectorsOffset] is 0 ? 4 : head[SetupSectorsOffset];
        var whole = (setupSectors + 1) * 512 + BinaryPrimitives.ReadUInt32LittleEndian(head[SystemSizeOffset..]) * 16L;
        // The last paragraph may be cut short: syssize is rounded up.
        return length + 16 > whole
            ? null
            : $"{path} is cut short: a Linux kernel of {whole} bytes, of which only {length} are there. Copy or download it again.";
    }

    private static string? OtherProblem(string path, ReadOnlySpan<byte> head)
    {
        if (head.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(head) == ElfMagic)
            return head.Length >= 52 ? null : $"{path} is an ELF file cut short inside its header. Copy or download it again.";
        for (var at = 0; at + 12 <= head.Length; at += 4)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(head[at..]) == MultibootMagic)
                return null;
        }
        var guess = head[..Math.Min(head.Length, 512)].ContainsAnyExceptInRange((byte)0x09, (byte)0x7E) ? "" : " It looks like a text file.";
        return $"{path} is no kernel that can be started: neither a Linux image, nor ELF, nor multiboot.{guess} "
            + "Name a vmlinuz, or add --load ADDRESS or --entry real for a flat binary.";
    }
}
