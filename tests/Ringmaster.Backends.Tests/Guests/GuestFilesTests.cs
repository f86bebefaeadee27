using System.Diagnostics;
using Ringmaster.Backends.Guests;

namespace Ringmaster.Backends.Tests.Guests;

public sealed class GuestFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("guests").FullName;

    [Fact]
    public void What_is_in_the_cache_is_used_without_asking_the_network()
    {
        Cache("linux-cloud", "boot/vmlinuz-1.2.3-cloud", "kernel");
        Cache("busybox", "bin/busybox", "program");
        var steps = new List<string>();

        var guest = new GuestFiles(_directory, new Recorder(steps)).FetchDefault(Compose);

        Assert.Equal(Path.Combine(_directory, "linux-cloud/boot/vmlinuz-1.2.3-cloud"), guest.Kernel);
        Assert.True(File.Exists(guest.Initrd));
        Assert.Empty(steps);
    }

    [Fact]
    public void The_list_shows_whole_packages_only()
    {
        Cache("busybox", "bin/busybox", "program");
        Directory.CreateDirectory(Path.Combine(_directory, "linux-cloud.partial/boot"));

        var list = new GuestFiles(_directory).List();

        var only = Assert.Single(list);
        Assert.Equal(("busybox", "some-package", "1.0"), (only.Name, only.Package, only.Version));
    }

    [Fact]
    public void The_initrd_is_composed_anew_when_its_recipe_changes()
    {
        Cache("linux-cloud", "boot/vmlinuz-1", "kernel");
        Cache("busybox", "bin/busybox", "the program");
        var files = new GuestFiles(_directory);
        files.FetchDefault(Compose);

        var guest = files.FetchDefault(_ => [4, 5, 6]);

        Assert.Equal([4, 5, 6], File.ReadAllBytes(guest.Initrd));
    }

    private static byte[] Compose(ReadOnlyMemory<byte> busybox) => [1, 2, .. busybox.Span];

    [Fact]
    public void A_package_unpacks_its_wanted_files_only()
    {
        var tree = Path.Combine(_directory, "tree");
        Directory.CreateDirectory(Path.Combine(tree, "DEBIAN"));
        Directory.CreateDirectory(Path.Combine(tree, "boot"));
        File.WriteAllText(Path.Combine(tree, "DEBIAN/control"), "Package: p\nVersion: 1\nArchitecture: all\nMaintainer: m\nDescription: d\n");
        File.WriteAllText(Path.Combine(tree, "boot/wanted"), "content");
        File.WriteAllText(Path.Combine(tree, "boot/other"), "no");
        Shell($"dpkg-deb -b '{tree}' '{_directory}/p.deb'");

        DebFile.Unpack($"{_directory}/p.deb", $"{_directory}/out", p => p == "boot/wanted", CancellationToken.None);

        Assert.Equal("content", File.ReadAllText($"{_directory}/out/boot/wanted"));
        Assert.False(File.Exists($"{_directory}/out/boot/other"));
    }

    [Fact]
    public void A_damaged_package_is_reported_as_such()
    {
        File.WriteAllText($"{_directory}/bad.deb", "not a package");

        var error = Assert.Throws<GuestFilesException>(
            () => DebFile.Unpack($"{_directory}/bad.deb", _directory, _ => true, CancellationToken.None));

        Assert.Contains("bad.deb", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_description_gives_name_version_size_and_first_alternatives()
    {
        var package = AptPackage.Parse("""
            Package: linux-image-686-pae
            Version: 6.1.2-1
            Size: 1492
            Depends: linux-image-6.1.0-50-686-pae (= 6.1.2-1), a:any | b, c
            Description: words
             Depends: not this

            Package: another
            """);

        Assert.NotNull(package);
        Assert.Equal(("linux-image-686-pae", "6.1.2-1", 1492L), (package.Name, package.Version, package.Size));
        Assert.Equal(["linux-image-6.1.0-50-686-pae", "a", "c"], package.Depends);
    }

    [Fact]
    public void An_unwritable_cache_ends_with_a_remedy()
    {
        var error = Assert.Throws<GuestFilesException>(() => new GuestFiles("/proc/ringmaster").FetchBusybox());

        Assert.Contains("XDG_CACHE_HOME", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Cache(string name, string file, string content)
    {
        var path = Path.Combine(_directory, name, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.WriteAllText(Path.Combine(_directory, name, "package.json"), """{"Package":"some-package","Version":"1.0"}""");
    }

    private static string Shell(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private sealed class Recorder(List<string> steps) : IProgress<GuestProgress>
    {
        public void Report(GuestProgress value) => steps.Add(value.Step);
    }
}
