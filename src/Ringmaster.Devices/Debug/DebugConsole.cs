using Ringmaster.Devices.Bus;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Debug;

/// <summary>
/// The debug console at port E9h, born with Bochs, to which firmware and small kernels write characters. Reads give E9h, by
/// which software finds out that it is there.
/// </summary>
public sealed class DebugConsole : StatelessDevice, IPortDevice
{
    /// <summary>The customary port, and what it reads as.</summary>
    public const ushort DefaultPort = 0xE9;

    private readonly Action<byte> _written;

    /// <summary>Creates the console.</summary>
    /// <param name="written">Receives each byte, with the machine's lock held; <see cref="ISerialBackend.Transmit"/> fits.</param>
    /// <param name="port">Its port; some firmware uses 402h.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public DebugConsole(Action<byte> written, ushort port = DefaultPort, string name = "debug-console") : base(name)
    {
        ArgumentNullException.ThrowIfNull(written);
        _written = written;
        PortRanges = [new(new IoPort(port), 1)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; }

    /// <inheritdoc/>
    protected override string StateKind => "debug-console";

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size) => DefaultPort;

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value) => _written((byte)value);
}
