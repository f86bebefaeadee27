using System.Globalization;

namespace Ringmaster.Lab;

/// <summary>The QEMU that is a lab host, its processors emulated.</summary>
internal static class Emulator
{
    private const string Program = "qemu-system-x86_64";

    // The kernel's tests of its cryptography take seconds; its tests of the timer and the time-stamp counter fail where threads of
    // the emulator wait for a busy host.
    private const string Parameters = "console=ttyS0 panic=-1 cryptomgr.notests mitigations=off no_timer_check tsc=reliable";

    /// <summary>Starts one.</summary>
    /// <param name="options">What it consists of.</param>
    /// <param name="image">What it boots.</param>
    /// <param name="shares">Directories.</param>
    /// <param name="place">A directory for its files.</param>
    internal static GuardedProcess Start(LabOptions options, LabImage image, IEnumerable<FileServer> shares, LabDirectory place)
    {
        File.WriteAllBytes(place.Initrd, image.Initrd);
        var cpus = options.Cpus ?? EmulatorVersion.ReliableCpus(Program);
        var memory = options.MemoryMebibytes.ToString(CultureInfo.InvariantCulture);
        return GuardedProcess.Start(Program,
        [
            "-nodefaults", "-no-reboot", "-display", "none", "-machine", "q35", "-accel", "tcg,thread=multi", "-cpu", options.Cpu,
            "-smp", cpus.ToString(CultureInfo.InvariantCulture), "-m", memory,
            // The file servers read and write the guest's memory, so it is shared.
            "-object", $"memory-backend-memfd,id=ram,size={memory}M,share=on", "-numa", "node,memdev=ram",
            .. shares.SelectMany(share => (string[])
            [
                "-chardev", $"socket,id={share.Tag},path={share.Socket}",
                "-device", $"vhost-user-fs-pci,chardev={share.Tag},tag={share.Tag},queue-size=1024",
            ]),
            "-serial", $"file:{place.KernelLog}",
            "-chardev", $"socket,id=commands,path={place.CommandSocket},server=on,wait=off", "-serial", "chardev:commands",
            "-kernel", image.Kernel, "-initrd", place.Initrd, "-append", $"{Parameters} {options.KernelParameters}".TrimEnd(),
        ]);
    }
}
