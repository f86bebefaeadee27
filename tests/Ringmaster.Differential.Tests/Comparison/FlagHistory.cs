using Iced.Intel;
using Ringmaster.Differential.Tests.Cases;

namespace Ringmaster.Differential.Tests.Comparison;

/// <summary>Follows undefined flags through a sequence: which are undefined where, and that nothing reads them.</summary>
internal sealed class FlagHistory
{
    private readonly List<StatusFlags> _before = [];
    private readonly StatusFlags[] _atTarget = new StatusFlags[64];
    private StatusFlags _atReturns;

    /// <summary>The flags that are undefined before each instruction, and at the end.</summary>
    public IReadOnlyList<StatusFlags> Before => _before;

    /// <summary>Follows a sequence.</summary>
    /// <returns>False if an instruction reads a flag that is undefined there.</returns>
    public bool TryFollow(IReadOnlyList<CaseInstruction> instructions)
    {
        Array.Clear(_atTarget);
        _atReturns = StatusFlags.None;
        while (true)
        {
            var known = _atReturns;
            if (!TryPass(instructions))
                return false;
            if (_atReturns == known)
                return true;
        }
    }

    // All branches lead forward but returns, which may lead to what follows any call.
    private bool TryPass(IReadOnlyList<CaseInstruction> instructions)
    {
        _before.Clear();
        var undefined = StatusFlags.None;
        for (var i = 0; i < instructions.Count; i++)
        {
            undefined |= _atTarget[i];
            _before.Add(undefined);
            var item = instructions[i];
            if ((Read(item.Instruction) & undefined) != 0)
                return false;
            undefined = After(item.Instruction, undefined);
            if (item.Target is { } target)
                _atTarget[target] |= undefined;
            var flow = item.Instruction.FlowControl;
            if (flow is FlowControl.Return or FlowControl.IndirectBranch or FlowControl.IndirectCall)
                _atReturns |= undefined;
            if (flow is FlowControl.Call or FlowControl.IndirectCall)
                undefined |= _atReturns;
        }
        _before.Add(undefined | _atTarget[instructions.Count]);
        return true;
    }

    /// <summary>Everything that is undefined somewhere in the sequence.</summary>
    public StatusFlags Anywhere => _before.Aggregate(StatusFlags.None, (all, one) => all | one);

    /// <summary>What is undefined after an instruction.</summary>
    public static StatusFlags After(in Instruction instruction, StatusFlags before)
    {
        var defined = UndefinedFlags.MayKeepFlags(instruction) || IsRepeated(instruction) ? StatusFlags.None
            : Convert(instruction.RflagsWritten | instruction.RflagsCleared | instruction.RflagsSet);
        return (before & ~defined) | UndefinedFlags.Of(instruction);
    }

    /// <summary>The arithmetic flags that an instruction's outcome depends on.</summary>
    public static StatusFlags Read(in Instruction instruction) => Convert(instruction.RflagsRead);

    private static bool IsRepeated(in Instruction instruction) => instruction.HasRepPrefix || instruction.HasRepnePrefix;

    /// <summary>The arithmetic flags among the decoder's bits.</summary>
    public static StatusFlags Convert(RflagsBits bits) =>
        ((bits & RflagsBits.CF) != 0 ? StatusFlags.CF : 0) | ((bits & RflagsBits.PF) != 0 ? StatusFlags.PF : 0)
        | ((bits & RflagsBits.AF) != 0 ? StatusFlags.AF : 0) | ((bits & RflagsBits.ZF) != 0 ? StatusFlags.ZF : 0)
        | ((bits & RflagsBits.SF) != 0 ? StatusFlags.SF : 0) | ((bits & RflagsBits.OF) != 0 ? StatusFlags.OF : 0);
}
