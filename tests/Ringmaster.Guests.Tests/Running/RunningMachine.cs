using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Running;

/// <summary>A machine that runs on a thread of its own until it is disposed, with its outputs captured.</summary>
internal sealed class RunningMachine : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IRunnableMachine _machine;
    private readonly Task<RunOutcome> _run;

    public RunningMachine(MachineConfig config)
    {
        _machine = VirtualMachine.Create(config, new MachineHost(NullLoggerFactory.Instance) { Serials = [Serial], DebugConsole = Debug });
        _run = Task.Factory.StartNew(() => _machine.Run(_stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>What comes out of the first serial port.</summary>
    public CapturedOutput Serial { get; } = new();

    /// <summary>What comes out of the debug console.</summary>
    public CapturedOutput Debug { get; } = new();

    /// <summary>How the run ended; null while it goes on.</summary>
    public RunOutcome? Outcome => _run.IsCompleted ? _run.Result : null;

    public void Dispose()
    {
        _stop.Cancel();
        _run.Wait();
        _machine.Dispose();
        _stop.Dispose();
    }
}
