using Ringmaster.Firmware.Boot;

namespace Ringmaster.Machine.Configuration;

/// <summary>A look at a firmware file before anything is built.</summary>
internal static class FirmwareFile
{
    /// <summary>What is wrong with the file, in a full sentence; null if it looks right.</summary>
    internal static string? Problem(string path)
    {
        try
        {
            return FirmwareImage.SizeProblem(new FileInfo(path).Length) is { } problem ? $"{path} {problem}" : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be read: {error.Message}";
        }
    }
}
