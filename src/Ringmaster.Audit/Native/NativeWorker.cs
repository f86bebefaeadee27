using System.Globalization;
using Ringmaster.Audit.Catalog;

namespace Ringmaster.Audit.Native;

/// <summary>
/// The process that executes the instructions on this host's processor: it may not survive all of them. It says on its standard
/// output what it is about to do ("begin INDEX") and what came of it ("ran VALUE" or "trapped VECTOR ERROR"), in hexadecimal digits.
/// </summary>
public static class NativeWorker
{
    internal const string Begin = "begin", Ran = "ran", Trapped = "trapped", NoError = "-";

    /// <summary>Executes instructions.</summary>
    /// <param name="first">Index of the first one.</param>
    /// <param name="output">Where to say so; flushed after each line.</param>
    public static void Run(int first, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var processor = new NativeProcessor();
        for (var i = first; i < AuditCatalog.Instructions.Count; i++)
        {
            Say(output, $"{Begin} {i:X}");
            var seen = processor.Execute(AuditCatalog.Instructions[i]);
            Say(output, seen.Kind == OutcomeKind.Runs
                ? string.Create(CultureInfo.InvariantCulture, $"{Ran} {seen.Value:X}")
                : string.Create(CultureInfo.InvariantCulture, $"{Trapped} {seen.Vector:X} {(seen.Error is { } error ? error.ToString("X", CultureInfo.InvariantCulture) : NoError)}"));
        }
    }

    private static void Say(TextWriter output, string line)
    {
        output.Write(line + "\n");
        output.Flush();
    }
}
