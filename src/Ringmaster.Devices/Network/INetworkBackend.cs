namespace Ringmaster.Devices.Network;

/// <summary>What a network device is plugged into. Frames are Ethernet II frames from the destination address on, without FCS.</summary>
public interface INetworkBackend
{
    /// <summary>
    /// Whether it takes and gives frames with work left to do (<see cref="FrameOffload"/>). Where not, the device finishes frames
    /// before it sends them, with <see cref="FrameOffload.None"/>.
    /// </summary>
    bool TakesOffloads { get; }

    /// <summary>
    /// Sends a frame to the outside. Called with the machine's lock held; does not block: a back end that cannot keep up buffers
    /// or drops, as a wire does.
    /// </summary>
    void Send(ReadOnlySpan<byte> frame, in FrameOffload offload);

    /// <summary>
    /// Connects the receiver. The back end calls it from any thread and without the machine's lock, and never again once this
    /// has returned with another one. A frame that it did not take is offered again after <see cref="ReceiverReady"/>, or dropped.
    /// </summary>
    /// <param name="receiver">Takes frames from the outside, or null to disconnect.</param>
    void Connect(FrameReceiver? receiver);

    /// <summary>The device has room again for frames. Called with the machine's lock held; must not call back inside.</summary>
    void ReceiverReady();
}

/// <summary>Takes a frame that arrived from the outside.</summary>
/// <param name="frame">The frame.</param>
/// <param name="offload">What is left to do to it.</param>
/// <returns>Whether it was taken; the receiver may also take it and drop it.</returns>
public delegate bool FrameReceiver(ReadOnlySpan<byte> frame, in FrameOffload offload);
