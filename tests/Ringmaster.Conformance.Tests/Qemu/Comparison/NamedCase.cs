using System.Reflection;
using Ringmaster.Conformance.Tests.Harness;

namespace Ringmaster.Conformance.Tests.Qemu.Comparison;

/// <summary>A case with a name that no other table's case has.</summary>
/// <param name="Name">Table and case.</param>
/// <param name="Row">The case.</param>
internal sealed record NamedCase(string Name, Case Row)
{
    private const string Suffix = "Tests";

    private static readonly Lazy<Dictionary<Case, NamedCase>> s_byRow = new(() => All.ToDictionary(named => named.Row, (IEqualityComparer<Case>)ReferenceEqualityComparer.Instance));

    /// <summary>The cases of all tables: every static field that holds one.</summary>
    public static IEnumerable<NamedCase> All =>
        from type in typeof(NamedCase).Assembly.GetTypes()
        from table in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        where table.FieldType == typeof(CaseTable)
        from row in (CaseTable)table.GetValue(null)!
        select new NamedCase($"{type.Name.Replace(Suffix, "", StringComparison.Ordinal)}: {row.Name}", row);

    /// <summary>The named case of a table's row.</summary>
    public static NamedCase Of(Case row) => s_byRow.Value[row];
}
