using Ringmaster.Backends.Guests;
using Ringmaster.Firmware.Initramfs;
using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Linux;

/// <summary>A distribution's kernel with an initial RAM disk around busybox.</summary>
internal sealed class LinuxGuest : IDisposable
{
    /// <summary>
    /// The kernel parameter that leaves out the tests of the kernel's own cryptography, half of the time to boot and most of it
    /// on 32 bits (arithmetic on big numbers). One session boots with them, for they are good tests of a processor.
    /// </summary>
    public const string NoCryptoTests = "cryptomgr.notests";

    private readonly TemporaryFile _initrd;

    private LinuxGuest(GuestPackage kernel, GuestPackage busybox, params string[] modules)
    {
        var files = new GuestFiles(GuestFiles.DefaultDirectory);
        var fetched = files.FetchKernel(kernel, withModules: modules.Length > 0);
        (Kernel, Release) = (fetched.Image, fetched.Release);
        var initramfs = new InitramfsBuilder(File.ReadAllBytes(files.FetchBusybox(busybox)));
        foreach (var module in modules)
            initramfs.WithFile(Path.GetFileName(module), File.ReadAllBytes(Path.Combine(fetched.ModulesDirectory!, "kernel", module)));
        _initrd = new TemporaryFile(initramfs.Build());
    }

    /// <summary>The kernel file's path.</summary>
    public string Kernel { get; }

    /// <summary>What "uname -r" is to say.</summary>
    public string Release { get; }

    /// <summary>The initial RAM disk's path.</summary>
    public string Initrd => _initrd.Path;

    public static LinuxGuest Cloud() => new(GuestPackage.CloudKernel, GuestPackage.Busybox);

    /// <summary>The cloud kernel with its driver for buttons, as /button.ko.</summary>
    public static LinuxGuest CloudWithButtons() => new(GuestPackage.CloudKernel, GuestPackage.Busybox, "drivers/acpi/button.ko");

    /// <summary>The cloud kernel with some of its modules, in the root directory.</summary>
    public static LinuxGuest CloudWith(params string[] modules) => new(GuestPackage.CloudKernel, GuestPackage.Busybox, modules);

    /// <summary>The generic kernel with some of its modules, in the root directory.</summary>
    public static LinuxGuest GenericWith(params string[] modules) => new(GuestPackage.GenericKernel, GuestPackage.Busybox, modules);

    public static LinuxGuest Generic() => new(GuestPackage.GenericKernel, GuestPackage.Busybox);

    public static LinuxGuest I386() => new(GuestPackage.I386Kernel, GuestPackage.I386Busybox);

    /// <summary>A machine that starts it.</summary>
    /// <param name="arguments">Kernel parameters beyond the console.</param>
    /// <param name="engine">The engine.</param>
    public MachineConfig Machine(string arguments = "", EngineChoice engine = EngineChoice.Translator) => new()
    {
        Engine = new EngineConfig(engine),
        Kernel = Kernel,
        Initrds = [Initrd],
        CommandLine = $"console=ttyS0 {arguments}".TrimEnd(),
    };

    /// <inheritdoc/>
    public void Dispose() => _initrd.Dispose();
}
