namespace Ringmaster.Audit.Catalog;

/// <summary>The words in which the catalog says what must happen.</summary>
internal static class Expect
{
    /// <summary>#GP(0): what privileged instructions raise in user mode.</summary>
    internal static Expectation GeneralProtection { get; } = Trap(13, 0);

    /// <summary>#UD.</summary>
    internal static Expectation InvalidOpcode { get; } = Trap(6);

    /// <summary>It runs; the value left is of no interest.</summary>
    internal static Expectation Run { get; } = new(Outcome.Runs(0), Mask: 0);

    /// <summary>It runs and leaves a value.</summary>
    internal static Expectation Value(ulong value, ulong mask = ulong.MaxValue) => new(Outcome.Runs(value), mask);

    /// <summary>It raises an exception or interrupt.</summary>
    internal static Expectation Trap(int vector, uint? error = null) => new(Outcome.Traps(vector, error));
}
