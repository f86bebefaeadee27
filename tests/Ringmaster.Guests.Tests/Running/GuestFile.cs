namespace Ringmaster.Guests.Tests.Running;

/// <summary>Guests from Debian's packages; eng/packages.txt has them.</summary>
internal static class GuestFile
{
    public static string Memtest64 => Existing("/boot/memtest86+x64.bin", "memtest86+");

    public static string Memtest32 => Existing("/boot/memtest86+ia32.bin", "memtest86+");

    /// <summary>The build for machines without PCI; the larger one needs a host bridge to copy itself below 1 MiB.</summary>
    public static string SeaBios => Existing("/usr/share/seabios/bios.bin", "seabios");

    private static string Existing(string path, string package) =>
        File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing. Install the package {package}.");
}
