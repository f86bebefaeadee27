using System.Collections;
using Ringmaster.Conformance.Tests.Engines;
using Ringmaster.Conformance.Tests.Kvm;
using Ringmaster.Conformance.Tests.Qemu.Comparison;

namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>A table of cases, and how each is judged.</summary>
/// <param name="generated">Rows that are not written one by one.</param>
internal sealed class CaseTable(params IEnumerable<Case>[] generated) : IEnumerable<Case>
{
    private readonly Dictionary<string, Case> _cases = generated.SelectMany(rows => rows).ToDictionary(row => row.Name);

    /// <summary>Every case on every engine.</summary>
    public TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var engine in EngineUnderTest.Names)
            {
                foreach (var name in _cases.Keys)
                    rows.Add(engine, name);
            }
            return rows;
        }
    }

    public int Count => _cases.Count;

    public void Add(Case row) => _cases.Add(row.Name, row);

    public void Run(string engine, string name)
    {
        var row = _cases[name];
        if (EngineUnderTest.IsKvm(engine))
            KvmCase.Run(engine, NamedCase.Of(row));
        else
            Judge(row, CaseRunner.Run(EngineUnderTest.Get(engine), row));
    }

    /// <summary>Asserts what a case expects of its guest after the run.</summary>
    public static void Judge(Case row, Guest guest)
    {
        var (expected, actual) = (Expected(row), (guest.Ending, guest.HandlerReached));
        Assert.True(expected == actual, $"The case ended with {actual}, not {expected}, at {guest.State.Cs.Selector:X}:{guest.State.Rip:X}, "
            + $"flags {guest.State.Rflags:X}, after {guest.Exits.Count} exits. It starts at {guest.Start:X} and ends at {guest.End:X}.");
        if (row.Fault is not null)
        {
            var pushed = guest.Pushed();
            Assert.Equal(row.Error, pushed.Error);
            Assert.Equal(row.At?.Invoke(guest) ?? guest.Last, pushed.Rip);
        }
        if (guest.Ending == Ending.Mark && (row.Lands ?? (guest.FallsThrough ? guest.End : null)) is { } landing)
            Assert.Equal(landing, guest.State.Rip);
        row.Then?.Invoke(guest);
    }

    public IEnumerator<Case> GetEnumerator() => _cases.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static (Ending, int) Expected(Case row) => row.Ends is { } ending ? (ending, -1)
        : row.Fault is { } fault ? (Ending.Handler, (int)fault)
        : row.Handler is { } handler ? (Ending.Handler, handler)
        : (Ending.Mark, -1);
}
