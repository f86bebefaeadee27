using Iced.Intel;
using Ringmaster.Coverage.Tests.Guest;
using Ringmaster.Coverage.Tests.Instructions;

namespace Ringmaster.Coverage.Tests;

/// <summary>Which of a model's instructions were executed, and what went wrong.</summary>
public sealed class ModelCoverage
{
    private readonly HashSet<Code> _executed = [];
    private readonly List<string> _problems = [];

    private ModelCoverage(OfferedModel model)
    {
        Model = model;
        using var guest = new TestGuest(model);
        foreach (var code in model.Codes)
        {
            var isExecuted = true;
            foreach (var form in InstructionForm.Of(code, model.IsAmd))
            {
                Forms++;
                if (Problem(guest, form) is not { } problem)
                    continue;
                _problems.Add($"{form}: {problem}");
                isExecuted = false;
            }
            if (isExecuted)
                _executed.Add(code);
        }
        _problems.AddRange(guest.Missing.Select(code => $"{code}: the engine recorded it as missing"));
    }

    /// <summary>The model.</summary>
    public OfferedModel Model { get; }

    /// <summary>Instructions of which every form was executed and ended as it must.</summary>
    public IReadOnlySet<Code> Executed => _executed;

    /// <summary>Forms that were tried.</summary>
    public int Forms { get; }

    /// <summary>One line for each form that has no handler, or did not end as it must.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Of the instructions offered, how many of a hundred were executed.</summary>
    public double Percentage => 100.0 * _executed.Count / Model.Codes.Count;

    /// <summary>Executes all instructions of a model in all their forms.</summary>
    public static ModelCoverage Measure(OfferedModel model) => new(model);

    private string? Problem(TestGuest guest, InstructionForm form)
    {
        if (!TestGuest.HasHandler(form))
            return "no handler";
        var bytes = InstructionWriter.Write(form);
        var outcome = guest.Execute(bytes, form);
        if (outcome.Decoded != form.Code)
            return $"{Convert.ToHexString(bytes)} is decoded as {outcome.Decoded}";
        if (outcome.Problem is { } problem)
            return $"{Convert.ToHexString(bytes)}: {problem}";
        var expected = ExpectedEvents.Of(form, Model);
        return outcome.Vector == expected ? null : $"{Convert.ToHexString(bytes)}: vector {Name(outcome.Vector)}, expected {Name(expected)}";
    }

    private static string Name(byte? vector) => vector?.ToString() ?? "none";
}
