using System.Buffers.Binary;

namespace Ringmaster.Firmware.Boot.Linux;

/// <summary>
/// The set-up header of a bzImage (Documentation/arch/x86/boot.rst "The Real-Mode Kernel Header"). Fields that the image's own
/// header is too short for read as zero.
/// </summary>
internal sealed class LinuxSetupHeader
{
    /// <summary>Where the header starts in the image and in the zero page.</summary>
    public const int Start = 0x1F1;

    private const int SignatureOffset = 0x202, JumpLengthOffset = 0x201, LargestEnd = 0x290, SectorSize = 512, Paragraph = 16;
    private const ushort BootSectorMagic = 0xAA55;
    private const uint SignatureHdrS = 0x5372_6448;
    private readonly byte[] _fields = new byte[LargestEnd];

    private LinuxSetupHeader(ReadOnlySpan<byte> image)
    {
        End = Math.Min(Math.Min(SignatureOffset + image[JumpLengthOffset], LargestEnd), image.Length);
        image[..End].CopyTo(_fields);
    }

    /// <summary>One past the header's last byte.</summary>
    public int End { get; }

    /// <summary>The protocol's version, 0x020F for 2.15.</summary>
    public int Version => U16(0x206);

    /// <summary>Bytes of boot sector and set-up code; what follows is the protected-mode kernel.</summary>
    public int SetupSize => ((_fields[0x1F1] == 0 ? 4 : _fields[0x1F1]) + 1) * SectorSize;

    /// <summary>Bytes of the protected-mode kernel.</summary>
    public ulong KernelSize => (ulong)U32(0x1F4) * Paragraph;

    /// <summary>LOADED_HIGH: the protected-mode kernel belongs at 1 MiB or above.</summary>
    public bool IsBigKernel => (_fields[0x211] & 1) != 0;

    /// <summary>Where the 32-bit code expects to be, unless it is relocatable.</summary>
    public uint Code32Start => U32(0x214);

    /// <summary>The last byte that an initrd may occupy.</summary>
    public uint InitrdAddressMax => Version >= 0x203 ? U32(0x22C) : 0x37FF_FFFF;

    /// <summary>What <see cref="PreferredAddress"/> and any other load address must be a multiple of.</summary>
    public uint KernelAlignment => Version >= 0x205 ? U32(0x230) : 0;

    public bool IsRelocatable => Version >= 0x205 && _fields[0x234] != 0;

    /// <summary>XLF_KERNEL_64: there is a 64-bit entry point 0x200 behind the kernel's first byte.</summary>
    public bool Has64BitEntry => Version >= 0x20C && (U16(0x236) & 1) != 0;

    /// <summary>XLF_CAN_BE_LOADED_ABOVE_4G: among others, the initrd may lie above <see cref="InitrdAddressMax"/>.</summary>
    public bool CanBeLoadedAbove4GiB => Version >= 0x20C && (U16(0x236) & 2) != 0;

    /// <summary>Longest command line, without its NUL.</summary>
    public uint CommandLineSize => Version >= 0x206 ? U32(0x238) : 255;

    /// <summary>Where the kernel would like to be; zero if it does not say.</summary>
    public ulong PreferredAddress => Version >= 0x20A ? BinaryPrimitives.ReadUInt64LittleEndian(_fields.AsSpan(0x258)) : 0;

    /// <summary>Bytes needed from the run-time start address on; zero if it does not say.</summary>
    public uint InitSize => Version >= 0x20A ? U32(0x260) : 0;

    /// <summary>The header's bytes, from <see cref="Start"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _fields.AsSpan(Start, Math.Max(0, End - Start));

    public static bool IsPresent(ReadOnlySpan<byte> image) =>
        image.Length >= 0x206 &&
        BinaryPrimitives.ReadUInt16LittleEndian(image[0x1FE..]) == BootSectorMagic &&
        BinaryPrimitives.ReadUInt32LittleEndian(image[SignatureOffset..]) == SignatureHdrS;

    /// <summary>Reads and checks the header of an image that <see cref="IsPresent"/> has found to have one.</summary>
    /// <exception cref="KernelLoadException">The kernel is too old, or the image is damaged.</exception>
    public static LinuxSetupHeader Read(ReadOnlySpan<byte> image)
    {
        var header = new LinuxSetupHeader(image);
        if (header.Version < 0x202)
            throw new KernelLoadException(
                $"The Linux kernel has boot protocol {header.Version >> 8}.{header.Version & 0xFF:d2}, which is older than 2.02; " +
                "use a kernel from 2.4 on.");
        if (!header.IsBigKernel)
            throw new KernelLoadException("The Linux kernel is a zImage, which loads below 640 KiB; build a bzImage instead.");
        // The size counts paragraphs, so the last one may be there in part only.
        if (header.SetupSize >= image.Length || header.KernelSize >= (ulong)(image.Length - header.SetupSize) + Paragraph)
        {
            throw new KernelLoadException(
                $"The Linux kernel image is truncated: it is {image.Length} bytes long and its header calls for " +
                $"{(ulong)header.SetupSize + header.KernelSize}; copy the file again.");
        }
        if (header.IsRelocatable && (header.KernelAlignment == 0 || (header.KernelAlignment & (header.KernelAlignment - 1)) != 0))
            throw new KernelLoadException(
                $"The Linux kernel's alignment 0x{header.KernelAlignment:x} is not a power of two; the image is damaged, copy it again.");
        return header;
    }

    private ushort U16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_fields.AsSpan(offset));

    private uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_fields.AsSpan(offset));
}
