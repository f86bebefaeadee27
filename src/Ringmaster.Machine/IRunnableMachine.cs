namespace Ringmaster.Machine;

/// <summary>A virtual machine as its owner sees it: it runs, can be asked to switch off, and tells how it went.</summary>
public interface IRunnableMachine : IDisposable
{
    /// <summary>What has happened so far; may be read while the machine runs, from any thread.</summary>
    MachineStatistics Statistics { get; }

    /// <summary>Runs on the calling thread until the guest or the caller ends it.</summary>
    /// <param name="stop">Ends the run soon with <see cref="RunOutcome.Stopped"/>.</param>
    RunOutcome Run(CancellationToken stop);

    /// <summary>Presses the power button, which a guest with ACPI answers by shutting down. From any thread.</summary>
    /// <returns>Whether the guest listens to the button; otherwise nothing happens.</returns>
    bool PressPowerButton();
}
