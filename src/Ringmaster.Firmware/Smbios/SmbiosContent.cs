using Ringmaster.Memory;

namespace Ringmaster.Firmware.Smbios;

/// <summary>The structures of a machine (DSP0134 3.7 chapter 7), at the lengths of version 3.0.</summary>
internal static class SmbiosContent
{
    private const int Unknown = 2, Safe = 3, Other = 1, NoHandle = 0xFFFF, NoErrorInformation = 0xFFFE;
    private const int BiosHandle = 0x000, SystemHandle = 0x100, BoardHandle = 0x200, ChassisHandle = 0x300, CpuHandle = 0x400,
        ArrayHandle = 0x1000, DeviceHandle = 0x1100, MappedHandle = 0x1300, BootHandle = 0x2000, EndHandle = 0x7F00;

    public static IEnumerable<byte[]> Structures(SmbiosPlatform platform)
    {
        yield return Bios(platform);
        yield return SystemInformation(platform);
        yield return Board(platform);
        yield return Chassis(platform);
        for (var socket = 0; socket < platform.Sockets; socket++)
            yield return Processor(platform, socket);
        var mapped = PcRam.JoinAcrossVideoHole(platform.Ram);
        var size = PcRam.Size(mapped);
        yield return MemoryArray(size);
        yield return MemoryDevice(platform, size);
        for (var i = 0; i < mapped.Count; i++)
            yield return MappedRange(mapped[i], MappedHandle + i);
        yield return new SmbiosStructure(32, BootHandle).U8(0, 0, 0, 0, 0, 0, 0).ToArray();
        yield return new SmbiosStructure(127, EndHandle).ToArray();
    }

    private static byte[] Bios(SmbiosPlatform platform)
    {
        const int characteristicsNotSupported = 1 << 3, acpiSupported = 1, isVirtualMachine = 1 << 4, notGiven = 0xFF;
        return new SmbiosStructure(0, BiosHandle)
            .Text(platform.Manufacturer).Text(platform.BiosVersion).U16(0xE000).Text(platform.BiosDate)
            .U8(0).U64(characteristicsNotSupported).U8(acpiSupported, isVirtualMachine, 1, 0, notGiven, notGiven).ToArray();
    }

    private static byte[] SystemInformation(SmbiosPlatform platform)
    {
        const int powerSwitch = 6;
        // Guid's own byte order is the one that section 7.2.1 wants: the first three fields little-endian.
        return new SmbiosStructure(1, SystemHandle)
            .Text(platform.Manufacturer).Text(platform.Product).Text(platform.Version).Text(platform.SerialNumber)
            .Bytes(platform.Uuid.ToByteArray()).U8(powerSwitch).U8(0).Text(platform.Family).ToArray();
    }

    private static byte[] Board(SmbiosPlatform platform)
    {
        const int isHostingBoard = 1, motherboard = 0x0A;
        return new SmbiosStructure(2, BoardHandle)
            .Text(platform.Manufacturer).Text(platform.Product).Text(platform.Version).Text(platform.SerialNumber)
            .U8(0, isHostingBoard, 0).U16(ChassisHandle).U8(motherboard, 0).ToArray();
    }

    private static byte[] Chassis(SmbiosPlatform platform) => new SmbiosStructure(3, ChassisHandle)
        .Text(platform.Manufacturer).U8(Other).Text(platform.Version).Text(platform.SerialNumber)
        .U8(0, Safe, Safe, Safe, Unknown).U32(0).U8(0, 0, 0, 0, 0).ToArray();

    private static byte[] Processor(SmbiosPlatform platform, int socket)
    {
        const int central = 3, populatedAndEnabled = 0x41, is64Bit = 1 << 2, seeSecondCount = 0xFF;
        var cores = platform.CpuCount / platform.Sockets + (socket < platform.CpuCount % platform.Sockets ? 1 : 0);
        var count = Math.Min(cores, seeSecondCount);
        return new SmbiosStructure(4, CpuHandle + socket)
            .Text($"CPU {socket}").U8(central, Other).Text(platform.CpuManufacturer).U64(platform.CpuSignature).Text(platform.CpuName)
            .U8(0).U16(0, platform.CpuMegahertz, platform.CpuMegahertz).U8(populatedAndEnabled, Other)
            .U16(NoHandle, NoHandle, NoHandle).U8(0, 0, 0)
            .U8(count, count, count).U16(is64Bit, Other).U16(cores, cores, cores).ToArray();
    }

    private static byte[] MemoryArray(ulong size)
    {
        const int systemMemory = 3, noErrorCorrection = 3;
        const uint seeExtendedCapacity = 0x8000_0000;
        var kilobytes = size >> 10;
        var fits = kilobytes < seeExtendedCapacity;
        return new SmbiosStructure(16, ArrayHandle)
            .U8(Other, systemMemory, noErrorCorrection).U32(fits ? (uint)kilobytes : seeExtendedCapacity).U16(NoErrorInformation, 1)
            .U64(fits ? 0 : size).ToArray();
    }

    private static byte[] MemoryDevice(SmbiosPlatform platform, ulong size)
    {
        const int unknownWidth = 0xFFFF, dimm = 9, ram = 7, seeExtendedSize = 0x7FFF, inKilobytes = 0x8000;
        var megabytes = size >> 20;
        var shortSize = size % (1 << 20) != 0 && size >> 10 < seeExtendedSize
            ? (int)(size >> 10) | inKilobytes
            : (int)Math.Min(megabytes, seeExtendedSize);
        return new SmbiosStructure(17, DeviceHandle)
            .U16(ArrayHandle, NoErrorInformation, unknownWidth, unknownWidth, shortSize)
            .U8(dimm, 0).Text("DIMM 0").U8(0, ram).U16(Unknown, 0).Text(platform.Manufacturer).U8(0, 0, 0, 0)
            .U32(shortSize == seeExtendedSize ? (uint)megabytes : 0).U16(0, 0, 0, 0).ToArray();
    }

    private static byte[] MappedRange(RamRange range, int handle)
    {
        const uint seeExtendedAddresses = uint.MaxValue;
        var last = range.End.Value - 1;
        var fits = last >> 10 < seeExtendedAddresses;
        return new SmbiosStructure(19, handle)
            .U32(fits ? (uint)(range.Start.Value >> 10) : seeExtendedAddresses).U32(fits ? (uint)(last >> 10) : seeExtendedAddresses)
            .U16(ArrayHandle).U8(1)
            .U64(fits ? 0 : range.Start.Value).U64(fits ? 0 : last).ToArray();
    }
}
