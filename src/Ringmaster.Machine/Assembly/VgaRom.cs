using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>The BIOS of the display, which firmware runs to show anything. A kernel that is started directly needs none.</summary>
internal static class VgaRom
{
    private const string Path = "/usr/share/seabios/vgabios-stdvga.bin";

    /// <summary>Reads it.</summary>
    /// <exception cref="MachineSetupException">The machine needs it and it is not there.</exception>
    public static ReadOnlyMemory<byte> Read(MachineConfig config)
    {
        if (config.Firmware is null)
            return default;
        try
        {
            return File.ReadAllBytes(Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MachineSetupException($"The display's BIOS {Path} cannot be read: {error.Message} Install the package seabios.", error);
        }
    }
}
