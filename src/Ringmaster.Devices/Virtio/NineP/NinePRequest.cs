namespace Ringmaster.Devices.Virtio.NineP;

/// <summary>A message from the guest.</summary>
/// <param name="Message">The message, with its header; as untrustworthy as the guest.</param>
/// <param name="Room">The most bytes of the answer.</param>
/// <param name="Completed">
/// Receives the answer, once, on any thread and without the machine's lock. Empty if the message was not one that can be answered.
/// </param>
public sealed record NinePRequest(ReadOnlyMemory<byte> Message, int Room, Action<ReadOnlyMemory<byte>> Completed);
