namespace Ringmaster.Firmware.Boot.Elf;

/// <summary>
/// An ELF executable without any boot protocol, loaded by its physical addresses. A 64-bit one is entered in 64-bit mode with
/// the first 4 GiB mapped one to one, a 32-bit one in flat protected mode without paging; CS is 0x10, the other segments 0x18,
/// interrupts are off, and there is no stack. Nothing is handed over, so a command line or modules are refused.
/// </summary>
internal sealed class ElfLoader : IKernelLoader
{
    public string Name => "ELF";

    public bool Recognises(BootRequest request) => ElfImage.IsPresent(request.Kernel.Span);

    public BootResult Load(BootRequest request, BootPlacement placement)
    {
        var image = ElfImage.Read(request.Kernel);
        if (request.Modules.Count > 0 || request.CommandLine.Length > 0)
        {
            throw new KernelLoadException(
                "A plain ELF kernel takes neither a command line nor an initrd; leave them out or use one with a multiboot header or PVH note.");
        }
        image.Put(placement);
        var entry = image.PhysicalEntry;
        if (entry > uint.MaxValue)
            throw new KernelLoadException($"The ELF kernel's entry point 0x{entry:x} lies above 4 GiB; link it lower.");
        return image.Is64Bit
            ? new BootResult(BootProcessor.Long64(placement, entry), "ELF, 64-bit entry")
            : new BootResult(BootProcessor.Protected32(placement, (uint)entry), "ELF, 32-bit entry");
    }
}
