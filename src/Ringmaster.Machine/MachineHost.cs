using Microsoft.Extensions.Logging;
using Ringmaster.Devices;
using Ringmaster.Devices.Display;
using Ringmaster.Devices.Flash;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Storage;
using Ringmaster.Devices.Virtio.NineP;
using Ringmaster.Devices.Virtio.Vsock;
using Ringmaster.Host.Terminals;

namespace Ringmaster.Machine;

/// <summary>What a machine is connected to outside. The caller owns all of it and disposes it after the machine.</summary>
/// <param name="LoggerFactory">Makes the loggers; categories are the names of types.</param>
public sealed record MachineHost(ILoggerFactory LoggerFactory)
{
    /// <summary>What the serial ports are plugged into, in order; null for a port that the machine does not have.</summary>
    public IReadOnlyList<ISerialBackend?> Serials { get; init; } = [];

    /// <summary>What the network devices are plugged into, in order; null for one that is plugged into nothing.</summary>
    public IReadOnlyList<INetworkBackend?> Networks { get; init; } = [];

    /// <summary>What the ports of the virtio console are plugged into, in the order of the description.</summary>
    public IReadOnlyList<ISerialBackend> Consoles { get; init; } = [];

    /// <summary>The host's end of the guest's sockets, if there are such.</summary>
    public IVsockBackend? Vsock { get; init; }

    /// <summary>What carries out the guest's requests to shared directories, in the order of the description.</summary>
    public IReadOnlyList<INinePServer> Shares { get; init; } = [];

    /// <summary>Where the debug console's bytes go, if the machine has one.</summary>
    public ISerialBackend? DebugConsole { get; init; }

    /// <summary>Who looks at the screen and types; null for a machine without a screen.</summary>
    public IDisplayBackend? Display { get; init; }

    /// <summary>What the disks are, in the order of <see cref="Configuration.MachineConfig.Disks"/>.</summary>
    public IReadOnlyList<IBlockBackend> Disks { get; init; } = [];

    /// <summary>
    /// Takes the back end of a disk or network device that has left the running machine and does not use it any more. Called without
    /// the machine's lock, from any thread.
    /// </summary>
    public Action<object>? Left { get; init; }

    /// <summary>What keeps the firmware's variables; null to lose them at the end.</summary>
    public IFlashBackend? FirmwareVariables { get; init; }

    /// <summary>Where a trace of the run goes; null for none.</summary>
    public TraceSink? Trace { get; init; }

    /// <summary>The size of the terminal on the first serial port, as far as it is known, for the guest to be told.</summary>
    public TerminalSize? ConsoleSize { get; init; }
}
