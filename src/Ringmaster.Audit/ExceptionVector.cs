using System.Globalization;

namespace Ringmaster.Audit;

/// <summary>What the manual says of exceptions (SDM 3A table 6-1).</summary>
internal static class ExceptionVector
{
    /// <summary>Whether one pushes an error code: #DF, #TS, #NP, #SS, #GP, #PF and #AC do.</summary>
    internal static bool HasError(int vector) => vector is 8 or (>= 10 and <= 14) or 17;

    /// <summary>An exception's mnemonic, or the interrupt that it is.</summary>
    internal static string Name(int vector) => vector switch
    {
        1 => "#DB",
        3 => "#BP",
        6 => "#UD",
        7 => "#NM",
        8 => "#DF",
        10 => "#TS",
        11 => "#NP",
        12 => "#SS",
        13 => "#GP",
        14 => "#PF",
        17 => "#AC",
        _ => "INT " + vector.ToString("X", CultureInfo.InvariantCulture),
    };
}
