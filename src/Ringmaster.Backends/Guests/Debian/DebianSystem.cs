using System.Globalization;

namespace Ringmaster.Backends.Guests.Debian;

/// <summary>A Debian system in a directory, made by debootstrap(8) from the host's own package source.</summary>
/// <param name="root">The directory, which debootstrap makes.</param>
/// <param name="report">Told what is being done, and bytes of the system so far.</param>
/// <param name="cancellation">Gives up.</param>
internal sealed class DebianSystem(string root, Action<string, long> report, CancellationToken cancellation)
{
    // Beyond the base: what boots (udev, the kernel, GRUB and what makes its partitions), what people reach it by, and a compiler.
    private static readonly string[] s_packages =
    [
        "systemd-sysv", "udev", "dbus", "kmod", "linux-image-cloud-amd64", "grub-pc-bin", "grub-efi-amd64-bin", "fdisk", "dosfstools",
        "mtools", "iproute2", "openssh-server", "make", "gcc", "libc6-dev",
    ];

    private const string GrubDirectory = "boot/grub";

    /// <summary>Makes it, ready to boot.</summary>
    /// <exception cref="GuestFilesException">A program is missing or fails.</exception>
    public void Make()
    {
        var (mirror, release) = FindMirror();
        long size = 0;
        var clock = 0;
        // Counting files takes time from debootstrap: seldom.
        void Tick()
        {
            if (clock++ % 25 == 0)
                size = SizeOf(root);
            report("installing Debian by debootstrap", size);
        }
        Demand("debootstrap", HostCommand.Run("debootstrap", ["--variant=minbase", $"--include={string.Join(',', s_packages)}", release, root, mirror],
            null, Tick, cancellation));
        Configure();
    }

    /// <summary>Runs one of the system's own programs inside it.</summary>
    /// <exception cref="GuestFilesException">It fails.</exception>
    public void Run(string program, params string[] arguments) =>
        Demand(program, HostCommand.Run("chroot", [root, program, .. arguments], null, null, cancellation));

    /// <summary>A file's path on the host.</summary>
    public string this[string path] => Path.Combine(root, path);

    /// <summary>Checks how a program ended.</summary>
    /// <exception cref="GuestFilesException">Not well.</exception>
    internal static void Demand(string program, (int ExitCode, string Output, string Error) result)
    {
        if (result.ExitCode == 0)
            return;
        var lines = (result.Output + result.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        throw new GuestFilesException(
            $"{program} failed: {string.Join(" / ", lines.TakeLast(3))}. Check the network, the host's package sources and the room on the disk.");
    }

    /// <summary>Where the host's distribution comes from: the first source of Debian's own that is not one of updates.</summary>
    private (string Mirror, string Release) FindMirror()
    {
        var (_, targets, _) = HostCommand.Run("apt-get",
            ["indextargets", "--format", "$(ORIGIN)|$(COMPONENT)|$(CODENAME)|$(REPO_URI)", "Identifier: Packages"], null, null, cancellation);
        foreach (var target in targets.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (target.Split('|') is ["Debian", "main", var release, var mirror] && !release.Contains('-', StringComparison.Ordinal))
                return (mirror, release);
        }
        throw new GuestFilesException("The host's package sources have no Debian. Run \"apt-get update\" on a Debian host.");
    }

    private void Configure()
    {
        Write("etc/hostname", "debian\n");
        Write("etc/hosts", "127.0.0.1 localhost debian\n::1 localhost\n");
        Write("etc/fstab", $"LABEL={DebianDisk.RootLabel} / ext4 errors=remount-ro 0 1\n");
        Write("etc/systemd/network/80-dhcp.network", "[Match]\nName=en* eth*\n\n[Network]\nDHCP=yes\n");
        Write($"{GrubDirectory}/grub.cfg", $$"""
            serial --unit=0 --speed=115200
            terminal_input serial console
            terminal_output serial console
            set timeout=1
            menuentry "Debian" {
                linux /vmlinuz {{DebianDisk.CommandLine}}
                initrd /initrd.img
            }

            """);
        Run("systemctl", "enable", "systemd-networkd.service");
        Run("passwd", "--delete", "root");
        Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "root", "-f", "/root/key");
        Directory.CreateDirectory(this["root/.ssh"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Move(this["root/key.pub"], this["root/.ssh/authorized_keys"]);
        Run("apt-get", "clean");
        foreach (var list in Directory.EnumerateFiles(this["var/lib/apt/lists"]))
            File.Delete(list);
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.WriteAllText(this[path], text);
    }

    private static long SizeOf(string directory)
    {
        var (exit, output, _) = HostCommand.Run("du", ["--summarize", "--block-size=1", directory], null, null, CancellationToken.None);
        return exit <= 1 && long.TryParse(output.Split('\t')[0], CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
    }
}
