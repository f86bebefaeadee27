using Ringmaster.Bench.Suite;

namespace Ringmaster.Bench.Guests;

/// <summary>A benchmark program, as the executable describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Group">integer, float, memory, system or calibration.</param>
/// <param name="Operation">What is counted.</param>
/// <param name="About">One line for people.</param>
internal sealed record ProgramInfo(string Name, string Group, string Operation, string About)
{
    /// <summary>The program that tells the length of a cycle.</summary>
    public const string Clock = "clock";

    /// <summary>The group of programs that are no benchmarks.</summary>
    public const string Calibration = "calibration";

    /// <summary>The time of one operation.</summary>
    public Figure Figure => new(Name, Group, $"ns/{Operation}", About);

    /// <summary>Reads what "programs list" prints.</summary>
    public static IReadOnlyList<ProgramInfo> ParseList(string text) =>
    [
        .. from line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
           let fields = line.Split('\t')
           select fields.Length == 4
               ? new ProgramInfo(fields[0], fields[1], fields[2], fields[3])
               : throw new FormatException($"\"{line}\" does not describe a program."),
    ];
}
