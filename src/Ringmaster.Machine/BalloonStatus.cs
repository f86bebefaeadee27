namespace Ringmaster.Machine;

/// <summary>A memory balloon.</summary>
/// <param name="Target">Bytes that the guest is asked to give up.</param>
/// <param name="Actual">Bytes that it says to have given up.</param>
public readonly record struct BalloonStatus(ulong Target, ulong Actual);
