namespace Ringmaster.Firmware.Boot.Raw;

/// <summary>
/// Code and data as they are, for a given address. Below 1 MiB they are entered in real mode with CS:IP at the first byte, the
/// other segments equal to CS, and SP 0xFFF0; from 1 MiB on, in flat 32-bit protected mode without paging. Modules have no
/// meaning here and are refused, as is a command line.
/// </summary>
internal sealed class RawLoader : IKernelLoader
{
    private const ulong OneMebibyte = 0x10_0000;

    public string Name => "raw binary";

    public bool Recognises(BootRequest request) => request.LoadAddress is not null;

    public BootResult Load(BootRequest request, BootPlacement placement)
    {
        var address = request.LoadAddress!.Value.Value;
        if (request.Modules.Count > 0 || request.CommandLine.Length > 0)
            throw new KernelLoadException(
                "A raw binary takes neither a command line nor modules; leave them out or use another kernel format.");
        placement.ClaimRaw("raw binary", address, (ulong)request.Kernel.Length);
        placement.Write(address, request.Kernel.Span);

        if (address >= OneMebibyte)
        {
            if (address > uint.MaxValue)
                throw new KernelLoadException(
                    $"A raw binary at 0x{address:x} cannot be entered in 32-bit mode; give a load address below 4 GiB.");
            return new BootResult(BootProcessor.Protected32(placement, (uint)address), "raw binary, 32-bit entry");
        }
        // Segment and offset share the address such that an image at 0x7C00 finds CS = 0 and IP = 0x7C00, as boot sectors expect.
        var segment = address < 0x1_0000 ? 0 : address >> 4;
        var offset = address - (segment << 4);
        return new BootResult(
            BootProcessor.RealMode((ushort)segment, (ushort)offset, (ushort)segment, RealModeStack(address)), "raw binary, real-mode entry");
    }

    /// <summary>In segment 0 the stack grows down from the image, as the BIOS leaves it for a boot sector; else from the segment's end.</summary>
    private static ushort RealModeStack(ulong address) => address is >= 0x1000 and < 0x1_0000 ? (ushort)(address & ~0xFul) : (ushort)0xFFF0;
}
