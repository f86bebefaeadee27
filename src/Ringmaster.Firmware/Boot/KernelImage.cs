using Ringmaster.Firmware.Boot.Elf;
using Ringmaster.Firmware.Boot.Linux;
using Ringmaster.Firmware.Boot.Multiboot;
using Ringmaster.Firmware.Boot.Pvh;
using Ringmaster.Firmware.Boot.Raw;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.Boot;

/// <summary>
/// Boots a kernel directly. The format is found by looking, in this order:
/// <list type="number">
/// <item>raw, if and only if a load address is given;</item>
/// <item>Linux bzImage, by "HdrS" behind a boot sector;</item>
/// <item>multiboot 1, by a header with a right checksum in the first 8 KiB. It comes before PVH and plain ELF because most
/// multiboot kernels are ELF files too and nobody writes that header by accident; a bzImage comes first still, because its
/// signature is at a fixed place while multiboot's may be data anywhere in 8 KiB;</item>
/// <item>ELF with a Xen PVH entry note;</item>
/// <item>plain ELF.</item>
/// </list>
/// </summary>
public static class KernelImage
{
    private static readonly IKernelLoader[] Loaders =
        [new RawLoader(), new LinuxLoader(), new MultibootLoader(), new PvhLoader(), new ElfLoader()];

    /// <summary>The name of the request's format, or null if it is none that can be booted.</summary>
    public static string? Identify(BootRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return FindLoader(request)?.Name;
    }

    /// <summary>Puts the kernel into RAM and says how the bootstrap processor starts.</summary>
    /// <param name="request">What to boot.</param>
    /// <param name="memory">The guest's RAM.</param>
    /// <param name="map">What the kernel is told about memory; nothing but a raw image is put outside its usable ranges.</param>
    /// <exception cref="KernelLoadException">The kernel, an initrd or the command line cannot be used.</exception>
    public static BootResult Load(BootRequest request, GuestMemory memory, MemoryMap map)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(map);
        if (request.Kernel.IsEmpty)
            throw new KernelLoadException("The kernel image is empty; check that the right file was given and copied completely.");
        if (request.CommandLine.Contains('\0', StringComparison.Ordinal))
            throw new KernelLoadException("The kernel command line contains a NUL character; remove it.");

        var loader = FindLoader(request) ?? throw new KernelLoadException(
            "The kernel image is neither a Linux bzImage nor a multiboot, PVH or ELF kernel; give one of these, or a load address " +
            "if it is a raw binary.");
        if (request.Entry != BootEntry.Automatic && loader is not LinuxLoader)
            throw new KernelLoadException(
                $"The kernel is of the kind {loader.Name}, which has one entry mode only; leave the entry mode automatic.");
        return loader.Load(request, new BootPlacement(memory, map));
    }

    private static IKernelLoader? FindLoader(BootRequest request) => Array.Find(Loaders, l => l.Recognises(request));
}
