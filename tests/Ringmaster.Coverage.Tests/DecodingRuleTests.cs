using Iced.Intel;
using Ringmaster.Coverage.Tests.Guest;
using Ringmaster.Coverage.Tests.Instructions;

namespace Ringmaster.Coverage.Tests;

/// <summary>Bytes whose meaning depends on the model, the mode or a prefix.</summary>
public sealed class DecodingRuleTests
{
    private const byte InvalidOpcode = 6;

    /// <summary>Model, code size, bytes, what they are (INVALID: nothing), and the vector that they raise.</summary>
    public static TheoryData<string, int, string, Code, int?> Cases => new()
    {
        { "x86-64-v1", 64, "F30FBCC1", Code.Bsf_r32_rm32, null },
        { "x86-64-v3", 64, "F30FBCC1", Code.Tzcnt_r32_rm32, null },
        { "x86-64-v2", 64, "F30FBDC1", Code.Bsr_r32_rm32, null },
        { "EPYC-Milan", 64, "F30FBDC1", Code.Lzcnt_r32_rm32, null },
        // ENDBR64 and RDSSPQ: NOPs without CET.
        { "x86-64-v1", 64, "F30F1EFA", Code.Reservednop_rm32_r32_0F1E, null },
        { "EPYC-Milan", 64, "F3480F1EC8", Code.Reservednop_rm64_r64_0F1E, null },
        // BNDMK and CLDEMOTE: NOPs without MPX and the hint.
        { "Broadwell-Server", 64, "F30F1B0E", Code.Reservednop_rm32_r32_0F1B, null },
        { "EPYC-Milan", 64, "0F1C06", Code.Reservednop_rm32_r32_0F1C, null },
        { "x86-64-v1", 64, "0F0D0E", Code.Reservednop_rm32_r32_0F0D, null },
        { "EPYC-Milan", 64, "F30F09", Code.Wbnoinvd, null },
        { "Broadwell-Server", 64, "F30F09", Code.Wbinvd, null },
        // Near branches of operand size 16 in 64-bit mode.
        { "EPYC-Milan", 64, "66E90000", Code.Jmp_rel16, null },
        { "Broadwell-Server", 64, "66E900000000", Code.Jmp_rel32_64, null },
        // XBEGIN, FEMMS, PFADD, INCSSPD, ADDPS with EVEX, VADDPS without AVX, VMCALL, VMMCALL, GETSEC.
        { "Broadwell-Server", 64, "C7F800000000", Code.INVALID, InvalidOpcode },
        { "EPYC-Milan", 64, "0F0E", Code.INVALID, InvalidOpcode },
        { "EPYC-Milan", 64, "0F0FC19E", Code.INVALID, InvalidOpcode },
        { "EPYC-Milan", 64, "F30FAEE9", Code.INVALID, InvalidOpcode },
        { "EPYC-Milan", 64, "62F17C4858C2", Code.INVALID, InvalidOpcode },
        { "x86-64-v2", 64, "C5F058C2", Code.INVALID, InvalidOpcode },
        { "EPYC-Milan", 64, "0F01C1", Code.INVALID, InvalidOpcode },
        { "EPYC-Milan", 64, "0F01D9", Code.INVALID, InvalidOpcode },
        { "EPYC-Milan", 64, "0F37", Code.INVALID, InvalidOpcode },
        // LOCK on what takes none: MOV to memory, ADD to a register, CMP, a reserved NOP.
        { "EPYC-Milan", 64, "F08906", Code.INVALID, InvalidOpcode },
        { "EPYC-Milan", 64, "F001C8", Code.INVALID, InvalidOpcode },
        { "EPYC-Milan", 64, "F03906", Code.INVALID, InvalidOpcode },
        { "EPYC-Milan", 64, "F00F1F06", Code.INVALID, InvalidOpcode },
        // LOCK MOV CR0 is MOV CR8 on AMD processors only.
        { "EPYC-Milan", 32, "F00F20C0", Code.Mov_r32_cr, null },
        { "Broadwell-Server", 32, "F00F20C0", Code.INVALID, InvalidOpcode },
        // What 64-bit mode has dropped: PUSH ES, AAA, PUSHA, INTO.
        { "EPYC-Milan", 64, "06", Code.INVALID, InvalidOpcode },
        { "EPYC-Milan", 64, "37", Code.INVALID, InvalidOpcode },
        { "EPYC-Milan", 64, "60", Code.INVALID, InvalidOpcode },
        { "EPYC-Milan", 64, "CE", Code.INVALID, InvalidOpcode },
        // MOV to CS, POP CS, LES of a register.
        { "EPYC-Milan", 32, "8EC8", Code.INVALID, InvalidOpcode },
        { "EPYC-Milan", 32, "0FFFC0", Code.INVALID, InvalidOpcode },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bytes_mean_what_the_model_and_the_mode_make_of_them(string name, int bits, string bytes, Code expected, int? vector)
    {
        using var guest = new TestGuest(OfferedModel.Named(name));

        var outcome = guest.Execute(Convert.FromHexString(bytes), new InstructionForm(expected, false, bits));

        Assert.Null(outcome.Problem);
        Assert.Equal((byte?)vector, outcome.Vector);
        if (expected != Code.INVALID)
            Assert.Equal(expected, outcome.Decoded);
    }

    [Theory]
    [InlineData("EPYC-Milan")]
    [InlineData("x86-64-v1")]
    public void Every_instruction_that_takes_a_lock_prefix_executes_with_it(string name)
    {
        var model = OfferedModel.Named(name);
        using var guest = new TestGuest(model);
        var failures = new List<string>();
        var count = 0;

        foreach (var form in model.Codes.Where(c => c.ToOpCode().CanUseLockPrefix).SelectMany(c => InstructionForm.Of(c, model.IsAmd)).Where(f => f.IsMemory))
        {
            count++;
            var outcome = guest.Execute(InstructionWriter.Write(form, lockPrefix: true), form);
            if (outcome.Decoded != form.Code || outcome.Vector is not null || outcome.Problem is not null)
                failures.Add($"{form}: {outcome}");
        }

        Assert.Empty(failures);
        Assert.True(count > 100, $"Only {count} forms take a LOCK prefix.");
    }
}
