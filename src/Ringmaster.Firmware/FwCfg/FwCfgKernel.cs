using System.Text;
using Ringmaster.Firmware.Boot;
using Ringmaster.Firmware.Boot.Linux;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.FwCfg;

/// <summary>The items by which firmware, or an option ROM of it, starts a Linux kernel.</summary>
internal static class FwCfgKernel
{
    private const uint SetupAddress = 0x1_0000, CommandLineAddress = 0x2_0000;
    private const ulong OneMebibyte = 0x10_0000, FourGibibytes = 0x1_0000_0000;

    public static IEnumerable<(FwCfgKey Key, byte[] Content)> Items(BootRequest request, IReadOnlyList<RamRange> ram)
    {
        var image = request.Kernel.Span;
        if (!LinuxSetupHeader.IsPresent(image))
            throw new KernelLoadException(
                "The firmware can start Linux bzImage kernels only; give one, or boot this kernel without firmware.");
        var header = LinuxSetupHeader.Read(image);
        var commandLine = Encoding.UTF8.GetBytes(request.CommandLine + "\0");
        if ((ulong)commandLine.Length > header.CommandLineSize + 1ul)
            throw new KernelLoadException(
                $"The kernel command line is {commandLine.Length - 1} bytes long and this Linux kernel takes at most " +
                $"{header.CommandLineSize}; shorten it.");

        var initrd = Join(request.Modules);
        var initrdAddress = initrd.Length == 0 ? 0 : InitrdAddress((ulong)initrd.Length, header, ram);
        var setup = LinuxRealModeBoot.Patch(
            image[..header.SetupSize], header.Code32Start, (initrdAddress, (ulong)initrd.Length), CommandLineAddress);
        var kernel = image[header.SetupSize..].ToArray();
        return
        [
            (FwCfgKey.KernelAddress, FwCfgContent.U32(header.Code32Start)),
            (FwCfgKey.KernelEntry, FwCfgContent.U32(header.Code32Start)),
            (FwCfgKey.KernelSize, FwCfgContent.U32((uint)kernel.Length)),
            (FwCfgKey.KernelData, kernel),
            (FwCfgKey.InitrdAddress, FwCfgContent.U32((uint)initrdAddress)),
            (FwCfgKey.InitrdSize, FwCfgContent.U32((uint)initrd.Length)),
            (FwCfgKey.InitrdData, initrd),
            (FwCfgKey.CommandLineAddress, FwCfgContent.U32(CommandLineAddress)),
            (FwCfgKey.CommandLineSize, FwCfgContent.U32((uint)commandLine.Length)),
            (FwCfgKey.CommandLineData, commandLine),
            (FwCfgKey.SetupAddress, FwCfgContent.U32(SetupAddress)),
            (FwCfgKey.SetupSize, FwCfgContent.U32((uint)setup.Length)),
            (FwCfgKey.SetupData, setup),
        ];
    }

    private static byte[] Join(IReadOnlyList<BootModule> modules)
    {
        if (LinuxInitrd.Length(modules) > (ulong)Array.MaxLength)
            throw new KernelLoadException("The initrds are larger than 2 GiB together; use smaller ones.");
        var joined = new ByteWriter();
        foreach (var module in modules)
            joined.Align(4).Bytes(module.Content.Span);
        return joined.ToArray();
    }

    /// <summary>Pages as high as the kernel allows, leaving the firmware its usual 128 KiB at the end of low RAM.</summary>
    private static ulong InitrdAddress(ulong length, LinuxSetupHeader header, IReadOnlyList<RamRange> ram)
    {
        const ulong firmwareReserve = 0x2_0000;
        var lowEnd = ram.Where(r => r.End.Value <= FourGibibytes).Select(r => r.End.Value).DefaultIfEmpty().Max();
        var end = Math.Min(lowEnd > firmwareReserve ? lowEnd - firmwareReserve : 0, header.InitrdAddressMax + 1ul);
        if (end < length || ((end - length) & ~0xFFFul) < OneMebibyte)
            throw BootPlacement.NoRoom("the initrd", length, end);
        return (end - length) & ~0xFFFul;
    }
}
