using Ringmaster.Devices.Bus;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Debug;

/// <summary>
/// A port that ends the program: writing v asks for exit status 2v + 1, which is never 0. Test kernels know it as
/// isa-debug-exit. Reads give all ones.
/// </summary>
public sealed class IsaDebugExit : StatelessDevice, IPortDevice
{
    /// <summary>Where test kernels look for it.</summary>
    public const ushort DefaultPort = 0xF4;

    private readonly Action<int> _exitRequested;

    /// <summary>Creates the port.</summary>
    /// <param name="exitRequested">Receives the exit status, modulo 2^32; the host keeps what it can of it, usually 8 bits.</param>
    /// <param name="basePort">The first port.</param>
    /// <param name="count">How many ports.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public IsaDebugExit(Action<int> exitRequested, ushort basePort = DefaultPort, int count = 4, string name = "isa-debug-exit") : base(name)
    {
        ArgumentNullException.ThrowIfNull(exitRequested);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(basePort + count, 0x10000, nameof(count));
        _exitRequested = exitRequested;
        PortRanges = [new(new IoPort(basePort), count, 4)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; }

    /// <inheritdoc/>
    protected override string StateKind => "isa-debug-exit";

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size) => uint.MaxValue;

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value) => _exitRequested(unchecked((int)((value << 1) | 1)));
}
