using Ringmaster.Differential.Tests.Cases;
using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Reduction;

/// <summary>Makes a failing case as small as it gets while it keeps failing: fewer instructions, plainer registers.</summary>
internal sealed class CaseReducer(CaseRunner runner)
{
    /// <summary>Reduces a case that fails under the present memory image.</summary>
    public TestCase Reduce(TestCase failing)
    {
        var best = failing.Clone();
        if (!Fails(best))
            return best;
        for (var changed = true; changed;)
        {
            changed = RemoveInstructions(ref best);
            changed |= SimplifyRegisters(ref best);
        }
        return best;
    }

    private bool Fails(TestCase test) => runner.RunOne(test) is { Count: > 0 };

    private bool RemoveInstructions(ref TestCase best)
    {
        var changed = false;
        for (var length = best.Instructions.Count / 2; length >= 1; length /= 2)
        {
            for (var start = best.Instructions.Count - length; start >= 0; start--)
            {
                if (start + length > best.Instructions.Count || best.Instructions.Count == length)
                    continue;
                var candidate = best.Clone();
                Remove(candidate.Instructions, start, length);
                if (!Fails(candidate))
                    continue;
                best = candidate;
                changed = true;
            }
        }
        return changed;
    }

    private static void Remove(List<CaseInstruction> items, int start, int length)
    {
        items.RemoveRange(start, length);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Target is { } target && target > start)
                items[i] = items[i] with { Target = Math.Max(Math.Max(start, target - length), i + 1) };
        }
    }

    private bool SimplifyRegisters(ref TestCase best)
    {
        var changed = false;
        foreach (var simplification in RegisterSimplifications.All)
        {
            var candidate = best.Clone();
            simplification(ref candidate.Before);
            if (SameRegisters(candidate.Before, best.Before) || !Fails(candidate))
                continue;
            best = candidate;
            changed = true;
        }
        return changed;
    }

    private static bool SameRegisters(in RegisterFrame left, in RegisterFrame right) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<RegisterFrame>(in left))
            .SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<RegisterFrame>(in right)));
}
