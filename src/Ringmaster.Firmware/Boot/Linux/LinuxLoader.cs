using System.Text;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.Boot.Linux;

/// <summary>Linux bzImage by the boot protocols of Documentation/arch/x86/boot.rst: 64-bit, 32-bit or 16-bit.</summary>
internal sealed class LinuxLoader : IKernelLoader
{
    private const ulong OneMebibyte = 0x10_0000, FourGibibytes = 0x1_0000_0000;
    private const uint Entry64Offset = 0x200;

    public string Name => "Linux bzImage";

    public bool Recognises(BootRequest request) => LinuxSetupHeader.IsPresent(request.Kernel.Span);

    public BootResult Load(BootRequest request, BootPlacement placement)
    {
        var header = LinuxSetupHeader.Read(request.Kernel.Span);
        var commandLineLength = Encoding.UTF8.GetByteCount(request.CommandLine);
        if ((ulong)commandLineLength > header.CommandLineSize)
        {
            throw new KernelLoadException(
                $"The kernel command line is {commandLineLength} bytes long and this Linux kernel takes at most {header.CommandLineSize}; shorten it.");
        }
        return request.Entry == BootEntry.RealMode
            ? LinuxRealModeBoot.Load(request, header, placement)
            : LoadProtected(request, header, placement);
    }

    /// <summary>Claims the room that the kernel needs while it unpacks itself, and copies it there.</summary>
    /// <returns>Its address.</returns>
    public static uint PutKernel(BootRequest request, LinuxSetupHeader header, BootPlacement placement, bool mayMove)
    {
        var kernel = request.Kernel.Span[header.SetupSize..];
        var room = Math.Max(header.InitSize, (ulong)kernel.Length);
        var address = mayMove ? ChooseAddress(header, placement, room) : header.Code32Start;
        if (header.PreferredAddress > address && header.PreferredAddress < FourGibibytes)
            room += header.PreferredAddress - address;
        placement.Claim("Linux kernel", address, room);
        placement.Write(address, kernel);
        return (uint)address;
    }

    /// <summary>Puts the joined initrds as high as the kernel allows.</summary>
    /// <returns>Address and length, both zero without an initrd.</returns>
    public static (ulong Address, ulong Length) PutInitrd(BootRequest request, LinuxSetupHeader header, BootPlacement placement)
    {
        var length = LinuxInitrd.Length(request.Modules);
        if (length == 0)
            return default;
        var end = header.CanBeLoadedAbove4GiB ? FourGibibytes : header.InitrdAddressMax + 1ul;
        var address = placement.FindHighest(length, GuestPhysicalAddress.PageSize, OneMebibyte, end) ??
            throw BootPlacement.NoRoom("the initrd", length, end);
        LinuxInitrd.Put(placement, request.Modules, address);
        return (address, length);
    }

    private static BootResult LoadProtected(BootRequest request, LinuxSetupHeader header, BootPlacement placement)
    {
        var is64Bit = header.Has64BitEntry && request.Entry != BootEntry.ProtectedMode;
        var kernel = PutKernel(request, header, placement, mayMove: true);
        var initrd = PutInitrd(request, header, placement);

        var parameters = new LinuxBootParams(header);
        parameters.SetKernel(kernel);
        parameters.SetInitrd(initrd.Address, initrd.Length);
        parameters.SetMemory(placement.Map);
        parameters.SetCommandLine(placement.PutLowString("kernel command line", request.CommandLine));
        if (request.Rsdp is { } rsdp)
            parameters.SetRsdp(rsdp);

        CpuState cpu;
        string format;
        if (is64Bit)
            (cpu, format) = (BootProcessor.Long64(placement, kernel + Entry64Offset), "Linux bzImage, 64-bit entry");
        else
            (cpu, format) = (BootProcessor.Protected32(placement, kernel), "Linux bzImage, 32-bit entry");
        cpu.Registers[BootProcessor.Rsi] = placement.PutLow("Linux zero page", parameters.Bytes, LinuxBootParams.Size);
        return new BootResult(cpu, format);
    }

    /// <summary>
    /// The preferred address, or if the kernel is relocatable and something is in its way, the lowest aligned one above. Below
    /// it there is nothing to win: the kernel would move itself up ("runtime_start" in boot.rst).
    /// </summary>
    private static ulong ChooseAddress(LinuxSetupHeader header, BootPlacement placement, ulong room)
    {
        var preferred = header.PreferredAddress != 0 ? header.PreferredAddress : header.Code32Start;
        if (!header.IsRelocatable)
        {
            if (preferred + Math.Max(room, 1) > FourGibibytes || preferred + room < preferred)
                throw new KernelLoadException(
                    $"The Linux kernel wants to lie at 0x{preferred:x}, which the loader cannot enter; the image is damaged, copy " +
                    "it again.");
            return preferred;
        }
        return placement.FindLowest(room, header.KernelAlignment, Math.Max(preferred, OneMebibyte), FourGibibytes) ??
            throw new KernelLoadException(
                $"The Linux kernel needs {BootPlacement.Size(room)} of RAM in one piece from 0x{preferred:x} on; give the VM more memory.");
    }
}
