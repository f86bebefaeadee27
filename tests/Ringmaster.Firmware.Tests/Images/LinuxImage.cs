using System.Buffers.Binary;

namespace Ringmaster.Firmware.Tests.Images;

/// <summary>A synthetic bzImage: a set-up header in front of a recognisable kernel.</summary>
internal sealed record LinuxImage
{
    public const int SetupSize = 1024;

    public int Version { get; init; } = 0x20F;
    public byte LoadFlags { get; init; } = 1;
    public uint Code32Start { get; init; } = 0x10_0000;
    public uint InitrdAddressMax { get; init; } = 0x7FFF_FFFF;
    public uint Alignment { get; init; } = 0x20_0000;
    public bool Relocatable { get; init; } = true;
    public ushort XLoadFlags { get; init; } = 3;
    public uint CommandLineSize { get; init; } = 255;
    public ulong PreferredAddress { get; init; } = 0x20_0000;
    public uint InitSize { get; init; } = 0x10_0000;
    public int KernelSize { get; init; } = 0x1000;

    public byte[] ToArray()
    {
        var image = new byte[SetupSize + KernelSize];
        image[0x1F1] = SetupSize / 512 - 1;
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x1F4), (uint)KernelSize / 16);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x1FE), 0xAA55);
        image[0x200] = 0xEB;
        image[0x201] = 0x6A;
        "HdrS"u8.CopyTo(image.AsSpan(0x202));
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x206), (ushort)Version);
        image[0x211] = LoadFlags;
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x214), Code32Start);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x22C), InitrdAddressMax);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x230), Alignment);
        image[0x234] = Relocatable ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x236), XLoadFlags);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x238), CommandLineSize);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(0x258), PreferredAddress);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x260), InitSize);
        image.AsSpan(SetupSize).Fill(0xCC);
        return image;
    }
}
