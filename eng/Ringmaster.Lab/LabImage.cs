using System.Text;
using Ringmaster.Backends.Guests;
using Ringmaster.Firmware.Initramfs;

namespace Ringmaster.Lab;

/// <summary>The kernel of a lab host, and the initial RAM disk that makes its root file system.</summary>
internal sealed class LabImage
{
    private const uint Executable = 0x1ED;
    private static readonly string[] s_modules = ["virtio_pci", "virtiofs", "overlay", "kvm-amd"];

    private LabImage(string kernel, byte[] initrd) => (Kernel, Initrd) = (kernel, initrd);

    /// <summary>The kernel's file.</summary>
    internal string Kernel { get; }

    /// <summary>The initial RAM disk.</summary>
    internal byte[] Initrd { get; }

    /// <summary>Composes it of Debian's cloud kernel and busybox, which come through the host's apt the first time.</summary>
    /// <exception cref="LabException">They cannot be fetched.</exception>
    internal static LabImage Compose()
    {
        try
        {
            var files = new GuestFiles(GuestFiles.DefaultDirectory);
            var kernel = files.FetchKernel(GuestPackage.CloudKernel, withModules: true);
            var modules = ModuleOrder.Resolve(
                kernel.ModulesDirectory ?? throw new LabException($"The package of the kernel {kernel.Release} has no modules in it."), s_modules);
            var archive = new CpioArchive()
                .AddCharacterDevice("dev/console", 5, 1)
                .AddFile("bin/busybox", File.ReadAllBytes(files.FetchBusybox()), Executable)
                .AddFile("init", Resource("init"), Executable)
                .AddFile("agent", Resource("agent"))
                .AddFile("modules/order", Encoding.ASCII.GetBytes(string.Concat(modules.Select(m => Path.GetFileName(m) + "\n"))));
            foreach (var module in modules)
                archive.AddFile("modules/" + Path.GetFileName(module), File.ReadAllBytes(module));
            return new LabImage(kernel.Image, archive.ToArray());
        }
        catch (GuestFilesException error)
        {
            throw new LabException(error.Message, error);
        }
    }

    private static byte[] Resource(string name)
    {
        using var stream = typeof(LabImage).Assembly.GetManifestResourceStream(name)!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
