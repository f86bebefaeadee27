namespace Ringmaster.Cpu.Exits;

/// <summary>What the run loop brings back to a vCPU for its last exit.</summary>
/// <param name="Data">The value of a read.</param>
/// <param name="Fault">The access is refused: the instruction raises #GP(0).</param>
public readonly record struct ExitAnswer(ulong Data, bool Fault)
{
    /// <summary>The request has been carried out; it asked for no value.</summary>
    public static ExitAnswer Done => default;

    /// <summary>The access is refused; the guest gets #GP(0).</summary>
    public static ExitAnswer GeneralProtection => new(0, true);

    /// <summary>The value that was read.</summary>
    public static ExitAnswer Value(ulong data) => new(data, false);
}
