using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>The BIOS of the display, which firmware runs to show anything. A kernel that is started directly needs none.</summary>
internal static class VgaRom
{
    private const string Path = "/usr/share/seabios/vgabios-stdvga.bin";

    /// <summary>Reads it.</summary>
    /// <exception cref="MachineSetupException">The machine needs it and it is not there.</exception>
    public static ReadOnlyMemory<byte> Read(MachineConfig config) =>
        config.Firmware is null ? default : MachineFile.Read(Path, "display's BIOS", "Install the package seabios.");
}
