namespace Ringmaster.Architecture.Tests;

/// <summary>Reports broken rules in a way that tells a newcomer what to do.</summary>
internal static class Rule
{
    /// <summary>Fails unless nothing breaks the rule.</summary>
    /// <param name="rule">The rule, one or two sentences.</param>
    /// <param name="violations">What breaks it: a file, a type, a reference.</param>
    public static void Holds(string rule, IEnumerable<string> violations)
    {
        var found = violations.ToList();
        if (found.Count == 0)
            return;
        Assert.Fail($"""
            An architecture rule is broken: {rule}
            ARCHITECTURE.md explains the rules and their reasons. If the rule should change, change it there and in this test together.
            Broken by:
              {string.Join("\n  ", found)}
            """);
    }
}
