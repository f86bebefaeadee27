using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Translator.Memory;

/// <summary>The runs of large pages that a vCPU knows.</summary>
internal sealed class LargeRuns
{
    // A kernel has a handful; with more something is odd, and they are found anew.
    private const int MostRuns = 64;

    private readonly List<LargeRun> _runs = [];

    /// <summary>The run that holds an address, for accesses of a mode.</summary>
    public LargeRun? Find(MmuMode mode, ulong linear)
    {
        foreach (var run in _runs)
        {
            if (run.Mode == mode && run.Holds(linear))
                return run;
        }
        return null;
    }

    /// <summary>Whether any run holds an address.</summary>
    public bool Hold(ulong linear) => _runs.Exists(r => r.Holds(linear));

    /// <summary>Adds a run in place of those that overlap it.</summary>
    /// <returns>False if there are too many; all others are to be forgotten.</returns>
    public bool TryAdd(in LargeRun run)
    {
        if (_runs.Count == MostRuns)
            return false;
        _runs.Add(run);
        return true;
    }

    /// <summary>Forgets.</summary>
    /// <param name="keepGlobal">But not global pages.</param>
    public void Clear(bool keepGlobal)
    {
        if (keepGlobal)
            _runs.RemoveAll(static r => !r.IsGlobal);
        else
            _runs.Clear();
    }
}
