using System.Buffers.Binary;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.Boot.Linux;

/// <summary>The zero page, struct boot_params, that a Linux kernel is handed (Documentation/arch/x86/zero-page.rst).</summary>
internal sealed class LinuxBootParams
{
    public const int Size = 4096;

    private const int AcpiRsdpAddress = 0x070, ExtRamdiskImage = 0x0C0, ExtRamdiskSize = 0x0C4, ExtCommandLine = 0x0C8,
        AltMemoryKilobytes = 0x1E0, E820Entries = 0x1E8, VideoMode = 0x1FA, TypeOfLoader = 0x210, Code32Start = 0x214,
        RamdiskImage = 0x218, RamdiskSize = 0x21C, CommandLinePointer = 0x228, E820Table = 0x2D0;

    /// <summary>What a loader without a number of its own calls itself.</summary>
    private const byte UnknownLoader = 0xFF;

    private const ushort NormalVideoMode = 0xFFFF;
    private const int MostE820Entries = 128;
    private readonly byte[] _page = new byte[Size];

    public LinuxBootParams(LinuxSetupHeader header)
    {
        header.Bytes.CopyTo(_page.AsSpan(LinuxSetupHeader.Start));
        _page[TypeOfLoader] = UnknownLoader;
        BinaryPrimitives.WriteUInt16LittleEndian(_page.AsSpan(VideoMode), NormalVideoMode);
    }

    public ReadOnlySpan<byte> Bytes => _page;

    public void SetKernel(uint address) => Set(Code32Start, address);

    public void SetCommandLine(uint address)
    {
        Set(CommandLinePointer, address);
        Set(ExtCommandLine, 0);
    }

    public void SetInitrd(ulong address, ulong length)
    {
        Set(RamdiskImage, (uint)address);
        Set(RamdiskSize, (uint)length);
        Set(ExtRamdiskImage, (uint)(address >> 32));
        Set(ExtRamdiskSize, (uint)(length >> 32));
    }

    public void SetRsdp(GuestPhysicalAddress address) =>
        BinaryPrimitives.WriteUInt64LittleEndian(_page.AsSpan(AcpiRsdpAddress), address.Value);

    public void SetMemory(MemoryMap map)
    {
        var count = Math.Min(map.Entries.Count, MostE820Entries);
        _page[E820Entries] = (byte)count;
        map.ToE820().AsSpan(0, count * 20).CopyTo(_page.AsSpan(E820Table));
        Set(AltMemoryKilobytes, (uint)Math.Min(map.UsableFromOneMebibyte >> 10, uint.MaxValue));
    }

    private void Set(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_page.AsSpan(offset), value);
}
