using Ringmaster.Firmware.Boot.Elf;

namespace Ringmaster.Firmware.Boot.Multiboot;

/// <summary>
/// Multiboot 1 kernels: ELF files of either class, or any file whose header says where it goes. All are entered in flat 32-bit
/// protected mode with 0x2BADB002 in EAX and the information structure in EBX (Multiboot Specification 0.6.96 section 3.2).
/// </summary>
internal sealed class MultibootLoader : IKernelLoader
{
    private const uint LoaderMagic = 0x2BAD_B002;

    public string Name => "multiboot";

    public bool Recognises(BootRequest request) => MultibootHeader.Find(request.Kernel.Span) is not null;

    public BootResult Load(BootRequest request, BootPlacement placement)
    {
        var header = MultibootHeader.Find(request.Kernel.Span)!;
        header.CheckRequirements();
        // The header's addresses win over the ELF headers, as the specification says (section 3.1.3).
        var entry = header.Addresses is { } addresses
            ? PutByAddresses(request.Kernel.Span, header.Offset, addresses, placement)
            : PutElf(request.Kernel, placement);

        var cpu = BootProcessor.Protected32(placement, entry);
        cpu.Registers[BootProcessor.Rax] = LoaderMagic;
        cpu.Registers[BootProcessor.Rbx] = MultibootInfo.Put(request, placement);
        return new BootResult(cpu, "multiboot, 32-bit entry");
    }

    private static uint PutElf(ReadOnlyMemory<byte> file, BootPlacement placement)
    {
        if (!ElfImage.IsPresent(file.Span))
            throw new KernelLoadException(
                "The multiboot kernel is no ELF file and its header gives no load addresses; link it as ELF or set flag 16.");
        var image = ElfImage.Read(file);
        image.Put(placement);
        var entry = image.PhysicalEntry;
        if (entry > uint.MaxValue)
            throw new KernelLoadException($"The multiboot kernel's entry point 0x{entry:x} lies above 4 GiB; link it lower.");
        return (uint)entry;
    }

    private static uint PutByAddresses(ReadOnlySpan<byte> file, int headerOffset, MultibootHeader.LoadAddresses addresses, BootPlacement placement)
    {
        // The header's own address ties the file to memory: what stands before it in the file lies below it.
        var before = (long)addresses.Header - addresses.Load;
        if (before < 0 || before > headerOffset)
            throw Damaged($"its header at 0x{addresses.Header:x} does not fit its load address 0x{addresses.Load:x}");
        var content = file[(int)(headerOffset - before)..];
        if (addresses.LoadEnd != 0)
        {
            if (addresses.LoadEnd < addresses.Load || addresses.LoadEnd - addresses.Load > content.Length)
                throw Damaged($"it would end at 0x{addresses.LoadEnd:x}, which the file is too short for");
            content = content[..(int)(addresses.LoadEnd - addresses.Load)];
        }
        var size = (ulong)content.Length;
        if (addresses.BssEnd != 0)
        {
            if (addresses.BssEnd < addresses.Load + size)
                throw Damaged($"its zeroed data would end at 0x{addresses.BssEnd:x}, before its code does");
            size = addresses.BssEnd - addresses.Load;
        }
        placement.Claim("multiboot kernel", addresses.Load, size);
        placement.Fill(addresses.Load, content, size);
        return addresses.Entry;
    }

    private static KernelLoadException Damaged(string why) => new($"The multiboot kernel's load addresses are wrong: {why}; link it again.");
}
