using Ringmaster.Cpu.Exits;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>
/// How an instruction asks the outside for something. An instruction that needs answers is executed again from its start
/// once they are there: the answers it has already had are replayed to it in order, so it comes to the next question, or to
/// its end. What it changed in RAM before a question it changes again to the same values.
/// </summary>
internal unsafe partial class Vcpu
{
    private readonly List<ExitAnswer> _answers = [];
    private int _answersUsed;

    /// <summary>The exit to report, when <see cref="HasPendingExit"/>.</summary>
    internal VmExit PendingExit;

    /// <summary>An instruction waits for the outside, or has something to report.</summary>
    internal bool HasPendingExit;

    /// <summary>Asks for something. Every call of an instruction must come again, in the same order, when it is replayed.</summary>
    /// <param name="exit">The request.</param>
    /// <param name="value">The answer.</param>
    /// <returns>
    /// True when the answer is here. False when the question must go out first (return <see cref="Status.Exit"/>), or when
    /// it was refused and #GP(0) is pending (return <see cref="Status.Fault"/>): see <see cref="FaultOrExit"/>.
    /// </returns>
    internal bool Ask(VmExit exit, out ulong value)
    {
        if (_answersUsed < _answers.Count)
        {
            var answer = _answers[_answersUsed++];
            value = answer.Data;
            if (!answer.Fault)
                return true;
            Raise(Vector.GeneralProtection, 0);
            return false;
        }
        value = 0;
        PendingExit = exit;
        HasPendingExit = true;
        return false;
    }

    /// <summary>One step of an instruction is done for good: a repetition of a string instruction, or the whole of it.</summary>
    internal void ForgetAnswers()
    {
        if (_answers.Count == 0)
            return;
        _answers.Clear();
        _answersUsed = 0;
    }

    /// <summary>Reports an exit that belongs to an instruction already completed.</summary>
    internal Status ReportAfter(VmExit exit)
    {
        PendingExit = exit;
        HasPendingExit = true;
        return Status.ExitAfter;
    }
}
