using System.Globalization;

namespace Ringmaster.Audit;

/// <summary>What came of executing an instruction.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Value">What it left or wrote, by kind.</param>
/// <param name="Vector">The exception or interrupt, by kind.</param>
/// <param name="Error">The exception's error code; null where it has none.</param>
public readonly record struct Outcome(OutcomeKind Kind, ulong Value = 0, int Vector = 0, uint? Error = null)
{
    /// <summary>The instruction ran.</summary>
    public static Outcome Runs(ulong value) => new(OutcomeKind.Runs, value);

    /// <summary>It raised an exception or interrupt.</summary>
    public static Outcome Traps(int vector, uint? error = null) => new(OutcomeKind.Traps, Vector: vector, Error: error);

    /// <summary>In the manuals' notation: "#GP(0)", or the value in hexadecimal digits.</summary>
    public override string ToString() => Kind switch
    {
        OutcomeKind.Runs => Hex(Value),
        OutcomeKind.Traps => ExceptionVector.Name(Vector) + (Error is { } error ? $"({Hex(error)})" : ""),
        OutcomeKind.Halts => "halts",
        OutcomeKind.WritesPort => $"writes {Hex(Value)}",
        OutcomeKind.TrapsElsewhere => $"{ExceptionVector.Name(Vector)} elsewhere",
        OutcomeKind.ShutsDown => "shuts down",
        OutcomeKind.NeverEnds => "never ends",
        _ => "something strange",
    };

    private static string Hex(ulong value) => value.ToString("X", CultureInfo.InvariantCulture);
}
