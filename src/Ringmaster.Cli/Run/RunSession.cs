using Microsoft.Extensions.Logging;
using Ringmaster.Backends.Guests;
using Ringmaster.Backends.Serial;
using Ringmaster.Cli.Help;
using Ringmaster.Cli.Logging;
using Ringmaster.Host.Files;
using Ringmaster.Host.Terminals;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Cli.Run;

/// <summary>One run of a machine, from the options to the exit code.</summary>
internal sealed class RunSession(CliEnvironment environment, RunRequest request)
{
    /// <summary>How long a machine may take to stop before the process ends without it.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    private IRunnableMachine? _machine;

    /// <summary>Runs the machine.</summary>
    /// <exception cref="UserErrorException">An option or a file is wrong.</exception>
    internal int Run()
    {
        var (options, errors) = MachinePlan.Combine(request.Arguments, request.ConfigFile);
        if (request.Compares)
            (options, errors) = MachinePlan.Comparing(options, errors);
        if (errors.Count > 0)
        {
            foreach (var error in errors)
                environment.Say(error.ToString());
            return ExitCodes.Usage;
        }
        using var signals = new StopSignals(StopGrace);
        var console = ConsoleKind.Of(environment.Input, environment.Output);
        var config = MachinePlan.Complete(options, () => DefaultGuestFiles.Fetch(
            new GuestFiles(GuestFiles.DefaultDirectory, new FetchProgress(environment.Error)), signals.Token), console);
        var (outcome, statistics) = Run(config, console.Size, signals);
        return new OutcomeReport(environment, request).Write(outcome, statistics);
    }

    private (RunOutcome, MachineStatistics) Run(MachineConfig config, TerminalSize? size, StopSignals signals)
    {
        using var loggers = new StderrLoggerFactory(environment.Error, request.Verbosity);
        var usesStdio = config.Serials.Concat(config.Consoles.Select(c => c.Backend)).Any(s => s.Kind == SerialKind.Stdio);
        // The order matters: output is flushed before the terminal is given back, and messages come after that.
        using var terminal = usesStdio ? ConsoleTerminal.Take(environment.Input) : null;
        Action<ConsoleCommand>? command = terminal is null ? null : c => Obey(c, signals);
        using var disks = Disks.Open(config, loggers);
        using var ports = SerialPorts.Open(config, environment, command);
        using var networks = NetworkPorts.Open(config, environment);
        config = networks.Named(config);
        using var display = DisplayServer.Open(config.Display, environment, loggers);
        using var variables = FirmwareVariables.Open(config, environment);
        using var shares = SharedDirectories.Open(config);
        using var sockets = GuestSockets.Open(config.Vsock);
        using var plugged = new PluggedDevices(networks, loggers);
        var host = new MachineHost(loggers)
        {
            Left = backend =>
            {
                disks.Release(backend);
                networks.Release(backend);
                plugged.Release(backend);
            },
            Consoles = ports.Consoles,
            Vsock = sockets,
            Networks = networks.Ports,
            Shares = shares.Servers,
            Serials = ports.Ports,
            DebugConsole = ports.DebugConsole,
            Display = display,
            Disks = disks.Opened,
            FirmwareVariables = variables.Opened,
            ConsoleSize = size,
            Trace = request.Trace == TraceCategories.None ? null : new TraceSink(TextWriter.Synchronized(environment.Error), request.Trace),
        };
        loggers.CreateLogger<RunSession>().Starting(config.Firmware?.Path ?? config.Kernel, config.CommandLine);
        using var machine = environment.CreateMachine(config, host);
        Volatile.Write(ref _machine, machine);
        try
        {
            using var control = ControlSocket.Open(request, config, machine, signals.Request, device => plugged.Plug(machine, device));
            return (machine.Run(signals.Token), machine.Statistics);
        }
        finally
        {
            Volatile.Write(ref _machine, null);
        }
    }

    private void Obey(ConsoleCommand command, StopSignals signals)
    {
        switch (command)
        {
            case ConsoleCommand.Leave:
                signals.Request();
                break;
            case ConsoleCommand.PowerButton:
                if (Volatile.Read(ref _machine)?.PressPowerButton() == false)
                    environment.Say("The guest does not listen to its power button (yet). Ctrl-A x stops the machine at once.");
                break;
            case ConsoleCommand.Statistics:
                if (Volatile.Read(ref _machine) is { } machine)
                    StatisticsText.Write(environment.Error, machine.Statistics);
                break;
            default:
                environment.Error.Write(HelpText.Keys);
                break;
        }
    }
}
