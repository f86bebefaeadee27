using System.Buffers.Binary;
using System.Text;

namespace Ringmaster.Firmware.Boot.Linux;

/// <summary>
/// The 16-bit boot protocol: boot sector and set-up code at 0x90000, heap and stack behind them, the command line above, the
/// rest of the kernel where its header says (boot.rst "Loading The Rest of The Kernel", "Running the Kernel").
/// </summary>
internal static class LinuxRealModeBoot
{
    private const uint SetupAddress = 0x9_0000, CommandLineAddress = 0x9_E000;
    private const ushort SetupSegment = (ushort)(SetupAddress >> 4), EntrySegment = SetupSegment + 0x20, HeapEnd = 0xE000;
    private const int LargestSetup = 0x8000, CommandLineRoom = 0x1C00, LoadFlags = 0x211;
    private const byte CanUseHeap = 0x80, UnknownLoader = 0xFF;

    public static BootResult Load(BootRequest request, LinuxSetupHeader header, BootPlacement placement)
    {
        var commandLine = Encoding.UTF8.GetBytes(request.CommandLine + "\0");
        if (header.SetupSize > LargestSetup)
            throw new KernelLoadException(
                $"The Linux kernel's set-up code of {header.SetupSize} bytes is larger than 32 KiB; the image is damaged, copy it again.");
        if (commandLine.Length > CommandLineRoom)
            throw new KernelLoadException(
                $"The kernel command line is {commandLine.Length - 1} bytes long and real mode has room for " +
                $"{CommandLineRoom - 1}; shorten it.");

        placement.Claim("Linux set-up code", SetupAddress, CommandLineAddress + CommandLineRoom - SetupAddress);
        var kernel = LinuxLoader.PutKernel(request, header, placement, mayMove: false);
        var initrd = LinuxLoader.PutInitrd(request, header, placement);

        var setup = Patch(request.Kernel.Span[..header.SetupSize], kernel, initrd, CommandLineAddress);
        placement.Write(SetupAddress, setup);
        placement.Write(CommandLineAddress, commandLine);
        return new BootResult(BootProcessor.RealMode(EntrySegment, 0, SetupSegment, HeapEnd), "Linux bzImage, real-mode entry");
    }

    /// <summary>Set-up code with the fields filled in that a boot loader must write (boot.rst "Details of Header Fields").</summary>
    public static byte[] Patch(ReadOnlySpan<byte> setup, uint kernel, (ulong Address, ulong Length) initrd, uint commandLine)
    {
        var patched = setup.ToArray();
        patched[0x210] = UnknownLoader;
        patched[LoadFlags] |= CanUseHeap;
        BinaryPrimitives.WriteUInt16LittleEndian(patched.AsSpan(0x1FA), 0xFFFF);
        BinaryPrimitives.WriteUInt32LittleEndian(patched.AsSpan(0x214), kernel);
        BinaryPrimitives.WriteUInt32LittleEndian(patched.AsSpan(0x218), (uint)initrd.Address);
        BinaryPrimitives.WriteUInt32LittleEndian(patched.AsSpan(0x21C), (uint)initrd.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(patched.AsSpan(0x224), HeapEnd - 0x200);
        BinaryPrimitives.WriteUInt32LittleEndian(patched.AsSpan(0x228), commandLine);
        return patched;
    }
}
