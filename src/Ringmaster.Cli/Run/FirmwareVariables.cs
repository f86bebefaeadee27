using Ringmaster.Backends.Flash;
using Ringmaster.Devices.Flash;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Run;

/// <summary>The file in which firmware's variables are kept, if there is one. Disposing writes what has changed.</summary>
internal sealed class FirmwareVariables : IDisposable
{
    private readonly CliEnvironment _environment;
    private readonly FlashFile? _file;

    private FirmwareVariables(CliEnvironment environment, FlashFile? file) => (_environment, _file) = (environment, file);

    /// <summary>The file; null for none.</summary>
    internal IFlashBackend? Opened => _file;

    /// <summary>Opens it, or makes it as the firmware's template is.</summary>
    /// <exception cref="UserErrorException">It cannot be used.</exception>
    internal static FirmwareVariables Open(MachineConfig config, CliEnvironment environment)
    {
        if (config.Firmware is not { VariablesFile: { } path } firmware)
            return new FirmwareVariables(environment, null);
        try
        {
            ReadOnlyMemory<byte>? template = firmware.VariablesTemplate is { } file ? File.ReadAllBytes(file) : null;
            return new FirmwareVariables(environment, new FlashFile(path, template));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--firmware: {error.Message} Choose another file for vars=, which no other machine uses.", error);
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        if (_file?.Failure is { } failure)
            _environment.Say($"The firmware's variables could not be written to their file: {failure.Message}");
    }
}
