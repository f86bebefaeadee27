namespace Ringmaster.Devices;

/// <summary>What a serial device is plugged into: a terminal, a file, a socket. Bytes out go here; bytes in come by call-back.</summary>
public interface ISerialBackend
{
    /// <summary>
    /// Sends a byte to the outside. Called with the machine's lock held; must not block for long: a back end that cannot keep
    /// up buffers or drops.
    /// </summary>
    void Transmit(byte value);

    /// <summary>
    /// Connects the receiver. The back end calls it from any thread and without the machine's lock. The receiver is the
    /// machine's wiring: it takes the lock, hands the bytes to the device, and returns how many the device took. Bytes that
    /// it did not take are offered again after <see cref="ReceiverReady"/>.
    /// </summary>
    /// <param name="receiver">Takes bytes from the outside, or null to disconnect.</param>
    void Connect(SerialReceiver? receiver);

    /// <summary>The device has room again for bytes from the outside. Called with the machine's lock held; must not call back inside.</summary>
    void ReceiverReady();
}

/// <summary>Takes bytes that arrived from the outside.</summary>
/// <param name="bytes">What arrived, oldest first.</param>
/// <returns>How many were taken, from the start.</returns>
public delegate int SerialReceiver(ReadOnlySpan<byte> bytes);
