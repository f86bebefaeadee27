using Ringmaster.Backends.Guests;
using Ringmaster.Firmware.Initramfs;

namespace Ringmaster.Lab.Tests;

/// <summary>Files for guests in the lab host: Debian's cloud kernel, the default guest's initramfs, and some of the kernel's modules.</summary>
/// <remarks>A lab host has no network, so everything is fetched on this one, whose files it sees.</remarks>
internal sealed class ModuleArchive : IDisposable
{
    private static readonly string[] s_modules =
    [
        "drivers/virtio/virtio.ko", "drivers/virtio/virtio_ring.ko", "drivers/virtio/virtio_pci_modern_dev.ko",
        "drivers/virtio/virtio_pci_legacy_dev.ko", "drivers/virtio/virtio_pci.ko", "drivers/block/virtio_blk.ko",
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("ringmaster-lab").FullName;

    public ModuleArchive()
    {
        var files = new GuestFiles(GuestFiles.DefaultDirectory);
        Initrd = files.FetchDefault(busybox => new InitramfsBuilder(busybox).Build()).Initrd;
        var kernel = files.FetchKernel(GuestPackage.CloudKernel, withModules: true);
        Kernel = kernel.Image;
        var archive = new CpioArchive();
        foreach (var module in s_modules)
            archive.AddFile(Path.GetFileName(module), File.ReadAllBytes(Path.Combine(kernel.ModulesDirectory!, "kernel", module)));
        Modules = Path.Combine(_directory, "modules.cpio");
        File.WriteAllBytes(Modules, archive.ToArray());
        Disk = Path.Combine(_directory, "disk.img");
        using var disk = File.Create(Disk);
        disk.SetLength(64 << 20);
    }

    /// <summary>The kernel.</summary>
    public string Kernel { get; }

    /// <summary>The initramfs with a shell.</summary>
    public string Initrd { get; }

    /// <summary>An archive with the modules.</summary>
    public string Modules { get; }

    /// <summary>An empty disk of 64 MiB.</summary>
    public string Disk { get; }

    /// <summary>What loads the modules in the guest.</summary>
    public static string Load { get; } = string.Join("; ", s_modules.Select(m => $"insmod /{Path.GetFileName(m)}"));

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
