namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>A ring in guest memory, in one of its two formats. What the guest has put there is not to be trusted.</summary>
internal interface IRing
{
    /// <summary>Takes the next chain that the driver has made available.</summary>
    RingResult Take(out DescriptorChain? chain);

    /// <summary>Finds a chain that was taken before the state was saved.</summary>
    /// <returns>Null if there cannot be such a one.</returns>
    DescriptorChain? Retake(ChainState state);

    /// <summary>Gives chains back to the driver, which sees all of them or none.</summary>
    /// <param name="chains">The chains, in order; at least one.</param>
    /// <returns>False if the ring is not in RAM.</returns>
    bool Return(ReadOnlySpan<UsedChain> chains);

    /// <summary>Whether the driver wants an interrupt for what has been returned since the last time this was asked.</summary>
    bool WantsInterrupt();

    /// <summary>Tells the driver whether to notify the device of what it makes available.</summary>
    /// <returns>With <paramref name="wanted"/>: whether something is available already.</returns>
    bool AskForNotification(bool wanted);

    /// <summary>The positions, for the saved state.</summary>
    RingPosition Position { get; set; }
}
