using Ringmaster.Firmware.Boot.Elf;
using Ringmaster.Firmware.Boot.Linux;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.Boot.Pvh;

/// <summary>
/// ELF with a Xen PVH entry note: 32-bit protected mode with hvm_start_info in EBX (xen/include/public/arch-x86/hvm/start_info.h,
/// docs/misc/pvh.pandoc).
/// </summary>
/// <remarks>
/// Linux looks at the first module only. So modules without arguments are joined into one, as for a bzImage; as soon as one
/// has arguments, the kernel can tell them apart, and each stays a module of its own.
/// </remarks>
internal sealed class PvhLoader : IKernelLoader
{
    private const uint StartInfoMagic = 0x336E_C578, StartInfoVersion = 1;

    public string Name => "PVH";

    public bool Recognises(BootRequest request)
    {
        if (!ElfImage.IsPresent(request.Kernel.Span))
            return false;
        try
        {
            return PvhNotes.FindEntry(ElfImage.Read(request.Kernel)) is not null;
        }
        catch (KernelLoadException)
        {
            // A damaged ELF file is reported by the plain ELF loader.
            return false;
        }
    }

    public BootResult Load(BootRequest request, BootPlacement placement)
    {
        var image = ElfImage.Read(request.Kernel);
        var entry = PvhNotes.FindEntry(image) ?? image.Entry;
        if (entry > uint.MaxValue)
            throw new KernelLoadException($"The kernel's PVH entry point 0x{entry:x} lies above 4 GiB; link it lower.");
        image.Put(placement);

        var modules = PutModules(request, placement);
        var map = PutMemoryMap(placement);
        var commandLine = placement.PutLowString("kernel command line", request.CommandLine);
        var startInfo = new ByteWriter()
            .U32(StartInfoMagic).U32(StartInfoVersion).U32(0).U32((uint)modules.Count)
            .U64(modules.Address).U64(commandLine).U64(request.Rsdp?.Value ?? 0)
            .U64(map).U32((uint)placement.Map.Entries.Count).U32(0);

        var cpu = BootProcessor.Protected32(placement, (uint)entry);
        cpu.Registers[BootProcessor.Rbx] = placement.PutLow("PVH start info", startInfo.ToArray());
        return new BootResult(cpu, "PVH, 32-bit entry");
    }

    private static (uint Address, int Count) PutModules(BootRequest request, BootPlacement placement)
    {
        var list = new ByteWriter();
        var count = 0;
        if (request.Modules.Any(m => m.Arguments.Length > 0))
        {
            foreach (var module in request.Modules)
                AddModule(list, placement.PutModule(module), (ulong)module.Content.Length, placement.PutLowString("module arguments", module.Arguments));
            count = request.Modules.Count;
        }
        else if (LinuxInitrd.Length(request.Modules) is > 0 and var length)
        {
            const ulong oneMebibyte = 0x10_0000, fourGibibytes = 0x1_0000_0000;
            var address = placement.FindLowest(length, GuestPhysicalAddress.PageSize, oneMebibyte, fourGibibytes) ??
                throw BootPlacement.NoRoom("the initrd", length, fourGibibytes);
            LinuxInitrd.Put(placement, request.Modules, address);
            AddModule(list, address, length, 0);
            count = 1;
        }
        return count == 0 ? default : (placement.PutLow("PVH module list", list.ToArray()), count);
    }

    private static void AddModule(ByteWriter list, ulong address, ulong length, ulong arguments) =>
        list.U64(address).U64(length).U64(arguments).U64(0);

    private static uint PutMemoryMap(BootPlacement placement)
    {
        var table = new ByteWriter();
        foreach (var entry in placement.Map.Entries)
            table.U64(entry.Start.Value).U64(entry.Length).U32((uint)entry.Type).U32(0);
        return placement.PutLow("PVH memory map", table.ToArray());
    }
}
