using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Harness;

/// <summary>A machine that runs on a thread of its own, with a test at its first serial port.</summary>
internal sealed class TestGuest : IDisposable
{
    /// <summary>Long enough for any guest here on a host that does much else.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly IRunnableMachine _machine;
    private readonly Task<RunOutcome> _run;

    /// <summary>Assembles the machine and starts it.</summary>
    /// <param name="config">What it consists of.</param>
    /// <param name="host">What it is connected to beside its first serial port, which is the test's.</param>
    public TestGuest(MachineConfig config, MachineHost? host = null)
    {
        _machine = VirtualMachine.Create(config, (host ?? new MachineHost(NullLoggerFactory.Instance)) with { Serials = [Console] });
        _run = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The machine.</summary>
    public IRunnableMachine Machine => _machine;

    /// <summary>The serial port.</summary>
    public TestConsole Console { get; } = new();

    /// <summary>Runs a machine that needs no company to its end.</summary>
    public static (RunOutcome Outcome, string Log) RunToEnd(MachineConfig config)
    {
        using var guest = new TestGuest(config);
        return (guest.WaitForEnd(), guest.Console.Text);
    }

    /// <summary>See <see cref="IRunnableMachine.PressPowerButton"/>.</summary>
    public void PressPowerButton() => _machine.PressPowerButton();

    /// <summary>Waits until the guest ends by itself.</summary>
    public RunOutcome WaitForEnd() => WaitForEnd(Patience);

    /// <summary>Waits until the guest ends by itself, but not for long.</summary>
    public RunOutcome WaitForEnd(TimeSpan patience) =>
        _run.Wait(patience) ? _run.Result : throw Console.Failure($"The machine still runs after {patience.TotalSeconds:0} s");

    /// <summary>Ends it from outside.</summary>
    public RunOutcome Stop()
    {
        _stop.Cancel();
        return WaitForEnd();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        // Whether it broke was told by WaitForEnd; what matters here is that it has ended.
        Task.WaitAny(_run);
        _machine.Dispose();
        Console.Dispose();
        _stop.Dispose();
    }

    private RunOutcome Run()
    {
        try
        {
            return _machine.Run(_stop.Token);
        }
        finally
        {
            Console.Close();
        }
    }
}
