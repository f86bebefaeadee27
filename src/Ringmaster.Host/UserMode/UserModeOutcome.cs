namespace Ringmaster.Host.UserMode;

/// <summary>What came of code that was executed on the host's processor.</summary>
/// <param name="Value">RAX at its end.</param>
/// <param name="Vector">The exception that ended it; null if it came to its end.</param>
/// <param name="Error">The exception's error code; 0 for those that have none.</param>
public readonly record struct UserModeOutcome(ulong Value, int? Vector, uint Error);
