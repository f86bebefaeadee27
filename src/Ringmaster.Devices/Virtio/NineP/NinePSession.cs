namespace Ringmaster.Devices.Virtio.NineP;

/// <summary>What a guest has open on a server.</summary>
/// <param name="MessageSize">The longest message that was agreed on; 0 before that.</param>
/// <param name="Fids">The guest's handles.</param>
public sealed record NinePSession(int MessageSize, NinePFid[] Fids)
{
    /// <summary>That of a guest that has said nothing yet.</summary>
    public static NinePSession None { get; } = new(0, []);
}
