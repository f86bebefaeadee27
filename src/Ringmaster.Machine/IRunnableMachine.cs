using Ringmaster.Devices.Display;

namespace Ringmaster.Machine;

/// <summary>A virtual machine as its owner sees it: it runs, can be asked to switch off, and tells how it went.</summary>
public interface IRunnableMachine : IDisposable
{
    /// <summary>What has happened so far; may be read while the machine runs, from any thread.</summary>
    MachineStatistics Statistics { get; }

    /// <summary>The name of the engine that executes its code.</summary>
    string Engine { get; }

    /// <summary>What it is doing; may be read from any thread.</summary>
    MachineStatus Status { get; }

    /// <summary>Its devices, in the order in which they were built; may be read from any thread.</summary>
    IReadOnlyList<DeviceSummary> Devices { get; }

    /// <summary>Its screen, keyboard and pointer, for any thread; null for a machine without a screen.</summary>
    IConsole? Console { get; }

    /// <summary>Its memory balloon; null for a machine without one. From any thread.</summary>
    BalloonStatus? Balloon { get; }

    /// <summary>Runs on the calling thread until the guest or the caller ends it.</summary>
    /// <param name="stop">Ends the run soon with <see cref="RunOutcome.Stopped"/>.</param>
    RunOutcome Run(CancellationToken stop);

    /// <summary>Presses the power button, which a guest with ACPI answers by shutting down. From any thread.</summary>
    /// <returns>Whether the guest listens to the button; otherwise nothing happens.</returns>
    bool PressPowerButton();

    /// <summary>Lets the guest stand still, its clock included. From any thread; returns when it does.</summary>
    void Pause();

    /// <summary>Lets a paused guest go on. From any thread.</summary>
    void Resume();

    /// <summary>Asks the guest to give up memory, through its balloon. From any thread.</summary>
    /// <param name="bytes">How much in all; 0 to give all of it back.</param>
    /// <exception cref="InvalidOperationException">There is no balloon, or the guest has no driver for it.</exception>
    void Inflate(ulong bytes);

    /// <summary>Presses the reset button. From any thread; a paused guest is reset when it goes on.</summary>
    void Reset();
}
