using Iced.Intel;
using Ringmaster.Coverage.Tests.Guest;
using Ringmaster.Coverage.Tests.Instructions;

namespace Ringmaster.Coverage.Tests;

/// <summary>What is left out of the count cannot be reached by a guest.</summary>
public sealed class ExclusionTests
{
    public static TheoryData<string> Models => [.. OfferedModel.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void No_bytes_decode_to_an_instruction_that_is_left_out(string name)
    {
        var model = OfferedModel.Named(name);
        using var guest = new TestGuest(model);
        var reached = new List<InstructionForm>();

        foreach (var form in model.Excluded.Where(c => c.ToOpCode().IsInstruction).SelectMany(c => InstructionForm.Of(c, model.IsAmd)))
        {
            if (guest.Execute(InstructionWriter.Write(form), form).Decoded == form.Code)
                reached.Add(form);
        }

        Assert.Empty(reached);
    }
}
