using Ringmaster.Devices.Display;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Storage;
using Ringmaster.Machine.Configuration;

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

    /// <summary>Plugs a disk in while the machine runs. From any thread.</summary>
    /// <param name="disk">What it looks like; its path and format do not matter here.</param>
    /// <param name="backend">What it is; the machine's until it has left.</param>
    /// <returns>The device's name.</returns>
    /// <exception cref="InvalidOperationException">It cannot be plugged in; the message says why.</exception>
    string Plug(DiskConfig disk, IBlockBackend backend);

    /// <summary>Plugs a network device in while the machine runs. From any thread.</summary>
    /// <param name="network">What it looks like, with its address.</param>
    /// <param name="backend">What it is plugged into; the machine's until the device has left.</param>
    /// <returns>The device's name.</returns>
    /// <exception cref="InvalidOperationException">It cannot be plugged in; the message says why.</exception>
    string Plug(NetConfig network, INetworkBackend backend);

    /// <summary>Asks the guest to let a disk or network device go. From any thread; may be repeated.</summary>
    /// <param name="name">The device's name.</param>
    /// <returns>Completes when the device has left and <see cref="MachineHost.Left"/> has had its back end. Never, if the guest ignores it.</returns>
    /// <exception cref="InvalidOperationException">There is no such device, or it cannot leave.</exception>
    Task Unplug(string name);

    /// <summary>How many vCPUs it has now. From any thread.</summary>
    int Cpus { get; }

    /// <summary>Adds vCPUs while the machine runs. From any thread.</summary>
    /// <param name="count">How many there are to be in all.</param>
    /// <returns>Completes when they are there, and the guest is told.</returns>
    /// <exception cref="InvalidOperationException">There cannot be as many, or there are more; the message says why.</exception>
    Task SetCpus(int count);

    /// <summary>Presses the reset button. From any thread; a paused guest is reset when it goes on.</summary>
    void Reset();
}
