namespace Ringmaster.Bench.Monitors;

/// <summary>One end of a virtual cable between two guests of the same monitor.</summary>
/// <param name="Directory">A directory of the cable's own, for its sockets.</param>
/// <param name="IsFirst">Whether this is the guest that is started first.</param>
internal sealed record GuestCable(string Directory, bool IsFirst);
