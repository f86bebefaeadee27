using Ringmaster.Firmware.Boot;

namespace Ringmaster.Machine.Configuration;

/// <summary>A look at firmware's files before anything is built.</summary>
internal static class FirmwareFile
{
    /// <summary>What is wrong with them, in full sentences; null if they look right.</summary>
    internal static string? Problem(FirmwareConfig firmware)
    {
        if (firmware.Package is { } package && !(File.Exists(firmware.Path) && File.Exists(firmware.VariablesTemplate ?? firmware.Path)))
            return $"{firmware.Path} is not there. Install the package {package}, or name a firmware file.";
        try
        {
            return FirmwareImage.SizeProblem(new FileInfo(firmware.Path).Length) is { } problem ? $"{firmware.Path} {problem}" : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{firmware.Path} cannot be read: {error.Message}";
        }
    }
}
