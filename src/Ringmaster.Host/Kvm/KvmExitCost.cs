namespace Ringmaster.Host.Kvm;

/// <summary>What it costs to leave the guest for a port write and to enter it again, with the calls that this takes.</summary>
/// <param name="Exits">How many were measured.</param>
/// <param name="PerSecond">How many a second takes, on average.</param>
/// <param name="MedianNanoseconds">What one takes; half of them took less.</param>
public readonly record struct KvmExitCost(int Exits, double PerSecond, double MedianNanoseconds);
