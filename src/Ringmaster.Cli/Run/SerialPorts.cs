using System.Globalization;
using Ringmaster.Backends.Serial;
using Ringmaster.Devices;
using Ringmaster.Host;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Run;

/// <summary>The outside of a machine's serial ports and debug console, opened from their description.</summary>
internal sealed class SerialPorts : IDisposable
{
    private readonly CliEnvironment _environment;
    private readonly Action<ConsoleCommand>? _command;
    private readonly List<IDisposable> _opened = [];
    private readonly List<ISerialBackend?> _ports = [];
    private StdioSerialBackend? _stdio;

    private SerialPorts(CliEnvironment environment, Action<ConsoleCommand>? command)
    {
        _environment = environment;
        _command = command;
    }

    /// <summary>In the order of the description; null for a port that is plugged into nothing.</summary>
    internal IReadOnlyList<ISerialBackend?> Ports => _ports;

    /// <summary>What the ports of the virtio console are plugged into, in the order of the description.</summary>
    internal IReadOnlyList<ISerialBackend> Consoles { get; private set; } = [];

    /// <summary>Where the debug console writes, if there is one.</summary>
    internal ISerialBackend? DebugConsole { get; private set; }

    /// <summary>Opens everything.</summary>
    /// <param name="config">The machine.</param>
    /// <param name="environment">Has standard input and output.</param>
    /// <param name="command">Takes commands from the keyboard; null if standard input is not a keyboard.</param>
    /// <exception cref="UserErrorException">Something cannot be opened.</exception>
    internal static SerialPorts Open(MachineConfig config, CliEnvironment environment, Action<ConsoleCommand>? command)
    {
        var ports = new SerialPorts(environment, command);
        try
        {
            foreach (var serial in config.Serials)
                ports._ports.Add(ports.Open(serial, $"serial port {ports._ports.Count}"));
            ports.Consoles = [.. config.Consoles.Select((c, i) => ports.Open(c.Backend, $"console {c.Name ?? i.ToString(CultureInfo.InvariantCulture)}")!)];
            if (config.Devices.OfType<DeviceConfig.DebugConsole>().FirstOrDefault() is { } console)
                ports.DebugConsole = ports.Open(console.Output, "debug console");
            return ports;
        }
        catch
        {
            ports.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var opened in _opened)
            opened.Dispose();
        if (_stdio is { Dropped: > 0 })
            _environment.Say($"{_stdio.Dropped} bytes of the guest's output were lost because nobody read them in time.");
        foreach (var file in _opened.OfType<FileSerialBackend>())
        {
            if (file.Failure is { } failure)
                _environment.Say($"The guest's output could not be written to its file: {failure.Message}");
        }
    }

    private ISerialBackend? Open(SerialConfig config, string what)
    {
        try
        {
            switch (config.Kind)
            {
                case SerialKind.Stdio:
                    return _stdio ??= Keep(new StdioSerialBackend(_environment.Input, _environment.Output, _command));
                case SerialKind.File:
                    return Keep(new FileSerialBackend(config.Path!));
                case SerialKind.Unix:
                    var socket = Keep(new UnixSocketSerialBackend(config.Path!));
                    _environment.Say($"{what} listens at {config.Path}");
                    return socket;
                case SerialKind.Pty:
                    var terminal = Keep(new PtySerialBackend());
                    _environment.Say($"{what} is {terminal.Path}");
                    return terminal;
                default:
                    return null;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && error is not LinuxException)
        {
            throw new UserErrorException(
                $"The {what} cannot use {config.Path}: {error.Message} Choose a path that you may write.", error);
        }
    }

    private T Keep<T>(T opened) where T : IDisposable
    {
        _opened.Add(opened);
        return opened;
    }
}
