namespace Ringmaster.Backends.Guests;

/// <summary>How far the fetching of a guest's files has come.</summary>
/// <param name="Step">What is being done: <c>"downloading busybox-static"</c>.</param>
/// <param name="Bytes">Bytes so far.</param>
/// <param name="Total">Bytes in all; null if not known.</param>
/// <param name="Done">Whether the step is over.</param>
public sealed record GuestProgress(string Step, long Bytes, long? Total, bool Done);
