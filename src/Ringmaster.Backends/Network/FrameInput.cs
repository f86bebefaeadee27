using Ringmaster.Devices.Network;
using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Network;

/// <summary>Hands frames from the outside to the device, and knows when to offer a refused one again.</summary>
/// <param name="bell">Rung when a refused frame is worth another offer.</param>
/// <remarks>
/// <see cref="Connect"/> waits for a call of the receiver that is under way, which may itself be waiting for the machine's lock:
/// whoever disconnects a device must not hold that lock.
/// </remarks>
internal sealed class FrameInput(WakeSignal bell)
{
    private readonly object _calling = new();
    private FrameReceiver? _receiver;
    private volatile bool _heldBack;

    internal void Connect(FrameReceiver? receiver)
    {
        lock (_calling)
            _receiver = receiver;
        bell.Set();
    }

    internal void Ready()
    {
        if (_heldBack)
            bell.Set();
    }

    /// <summary>Offers a frame. Called on one thread only.</summary>
    /// <returns>False if the frame is to be kept and offered again after the bell. With nobody connected it is gone.</returns>
    internal bool Offer(ReadOnlySpan<byte> frame, in FrameOffload offload)
    {
        // Set before the call, so that a device that gets ready right behind its refusal is not missed.
        _heldBack = true;
        bool taken;
        lock (_calling)
            taken = _receiver?.Invoke(frame, offload) ?? true;
        _heldBack = !taken;
        return taken;
    }
}
