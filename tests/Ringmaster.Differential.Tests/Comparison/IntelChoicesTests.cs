using Iced.Intel;
using Ringmaster.Differential.Tests.Cases;
using Ringmaster.Differential.Tests.Engine;
using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Comparison;

/// <summary>Each rule accounts for one difference on hosts of Intel, for none on others, and not for one that is a little different.</summary>
public sealed class IntelChoicesTests
{
    private const ulong Breakpoint = 3, GeneralProtection = 13, PageFault = 14, SimdException = 19, Data = AddressSpace.Data;

    private static readonly MemoryOperand s_operand = new(Register.RDI);

    private static readonly Dictionary<string, Scenario> s_scenarios = new()
    {
        ["return address of a call that faults"] = new(Instruction.Create(Code.Call_rm64, Register.R14), GeneralProtection,
            Host: o => o.Changes.Add(new(Data, AddressSpace.Code + 3)), Engine: _ => { }, Wrong: o => o.Changes[0] = new(Data, AddressSpace.Code)),
        ["half precision flags at a fault"] = new(Instruction.Create(Code.VEX_Vcvtps2ph_xmmm64_xmm_imm8, s_operand, Register.XMM1, 0), PageFault,
            Host: o => o.Registers.Fx.Mxcsr |= 0x20, Engine: _ => { }, Wrong: o => o.Registers.Fx.Mxcsr ^= 0x8000),
        ["half precision exception before a fault"] = new(Instruction.Create(Code.VEX_Vcvtps2ph_xmmm64_xmm_imm8, s_operand, Register.XMM1, 0),
            SimdException, Host: _ => { }, Engine: o => o.Vector = PageFault, Wrong: o => o.Vector = Breakpoint),
        ["half precision underflow that is inexact"] = new(Instruction.Create(Code.VEX_Vcvtps2ph_xmmm64_xmm_imm8, Register.XMM3, Register.XMM1, 0),
            SimdException, Host: o => o.Registers.Fx.Mxcsr = 0x332, Engine: o => o.Registers.Fx.Mxcsr = 0x312, Wrong: o => o.Registers.Fx.Mxcsr = 0x333),
        ["MMX store that faults"] = new(Instruction.Create(Code.Movntq_m64_mm, s_operand, Register.MM1), PageFault,
            Host: o => o.Registers.Fx.StatusWord = 0x41, Engine: o => o.Registers.Fx.StatusWord = 0x1841, Wrong: o => o.Registers.Fx.StatusWord = 0x40),
        ["gather that faults"] = new(Instruction.Create(Code.VEX_Vpgatherdd_xmm_vm32x_xmm, Register.XMM1,
            new MemoryOperand(Register.RDI, Register.XMM2), Register.XMM3), PageFault,
            Host: _ => { }, Engine: o => o.Registers.YmmHigh[2] = 5, Wrong: o => o.Registers.YmmHigh[2] = 6),
        ["masked store that faults"] = new(Instruction.Create(Code.VEX_Vmaskmovps_m256_ymm_ymm, s_operand, Register.YMM1, Register.YMM2), PageFault,
            Host: o => o.Cr2 = Data + 12, Engine: o => o.Cr2 = Data + 4, Wrong: o => o.Cr2 = Data + 32),
        ["opcode after a control word"] = new(Instruction.Create(Code.Fldcw_m2byte, s_operand), Breakpoint,
            Host: o => o.Registers.Fx.StatusWord = 0x8081, Engine: o => (o.Registers.Fx.StatusWord, o.Registers.Fx.LastOpcode) = (0x8081, 0x2D9),
            Wrong: o => o.Registers.Fx.LastInstruction = 1),
        ["operand of an instruction without one"] = new(Instruction.Create(Code.Fsqrt), Breakpoint,
            Host: o => Raise(o, operand: 0), Engine: o => Raise(o, operand: Data), Wrong: o => o.Registers.Fx.LastOpcode = 1),
        ["pointers in an image"] = new(Instruction.Create(Code.Fnstenv_m28byte, s_operand), Breakpoint,
            Host: o => o.Changes.Add(new(Data + 16, 0x0000_0000_0000_0033)), Engine: o => o.Changes.Add(new(Data + 16, 0x0070_0000_06D9_0033)),
            Wrong: o => o.Changes[0] = new(Data + 16, 0x0000_0000_0000_0034)),
        ["double shift of a register too far"] = new(Instruction.Create(Code.Shld_rm16_r16_imm8, Register.DX, Register.AX, 20), Breakpoint,
            Host: o => o.Registers.General[2] = 0x700234, Engine: o => o.Registers.General[2] = 0x700000, Wrong: o => o.Registers.General[2] = 0x710234),
        ["double shift of memory too far"] = new(Instruction.Create(Code.Shrd_rm16_r16_imm8, s_operand, Register.AX, 20), Breakpoint,
            Host: o => o.Changes.Add(new(Data, 0x1234)), Engine: o => o.Changes.Add(new(Data, 0x4321)), Wrong: o => o.Changes[0] = new(Data, 0x1_1234)),
        ["repetition with 32-bit addresses"] = new(Instruction.CreateRepStosb(32), Breakpoint,
            Host: o => o.Registers.General[7] = Data, Engine: o => o.Registers.General[7] = Data | 1UL << 40, Wrong: o => o.Registers.General[7] = Data + 1),
        ["NaNs of a dot product"] = new(Instruction.Create(Code.Dpps_xmm_xmmm128_imm8, Register.XMM1, Register.XMM2, 0xFF), Breakpoint,
            Host: o => o.Registers.Fx.Xmm[2] = 0x7FC0_0001, Engine: o => o.Registers.Fx.Xmm[2] = 0xFFFF_FFFF, Wrong: o => o.Registers.Fx.Xmm[2] = 0x3F80_0000),
        ["tiny operand that is the result"] = new(Instruction.Create(Code.Fprem), Breakpoint,
            Host: o => SetTop(o, 0, 0x1D70, 0x02), Engine: o => SetTop(o, 0x5FCE, 0xEB80_0000_0000_0000, 0x8092), Wrong: o => SetTop(o, 0, 0x1D71, 0x02)),
        ["transcendental at the smallest normal number"] = new(Instruction.Create(Code.Fsin), Breakpoint,
            Host: o => SetTop(o, 0x8001, 1UL << 63, 0x80A0), Engine: o => SetTop(o, 0xE000, ulong.MaxValue, 0x80B0), Wrong: o => SetTop(o, 0x8001, 1UL << 63 | 2, 0x80A0)),
        ["sine below a cosine at the smallest normal number"] = new(Instruction.Create(Code.Fsincos), Breakpoint,
            Host: o => SetTop(o, 0x8001, 1UL << 63, 0xB8A0, index: 1), Engine: o => SetTop(o, 0xE000, ulong.MaxValue, 0xB8B0, index: 1),
            Wrong: o => SetTop(o, 0x8001, 1UL << 63, 0xB8A1, index: 1)),
        ["ten bytes in parts"] = new(Instruction.Create(Code.Fbstp_m80bcd, s_operand), PageFault,
            Host: o => o.Changes.Add(new(Data, 5)), Engine: _ => { }, Wrong: o => o.Changes.Add(new(Data + 8, 5))),
        ["sixteenth byte"] = new(Instruction.Create(Code.Nopd), PageFault,
            Host: o => (o.Error, o.Cr2) = (0x14, AddressSpace.Code + 15), Engine: o => (o.Vector, o.Error) = (GeneralProtection, 0), Wrong: o => o.Cr2++),
        ["x87 store that stores nothing"] = new(Instruction.Create(Code.Fistp_m16int, s_operand), Breakpoint,
            Host: o => o.Registers.Fx.ControlWord = 0x37E,
            Engine: o => (o.Vector, o.Registers.Rip, o.Registers.Fx.ControlWord) = (PageFault, AddressSpace.Code, 0x37E),
            Wrong: o => (o.Vector, o.Registers.Rip) = (GeneralProtection, AddressSpace.Code)),
    };

    public static TheoryData<string> Names => [.. s_scenarios.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_choice_explains_its_difference_on_hosts_of_Intel_only(string name)
    {
        var scenario = s_scenarios[name];

        Assert.Empty(Compare(scenario, isIntel: true, isWrong: false));
        Assert.NotEmpty(Compare(scenario, isIntel: false, isWrong: false));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_choice_does_not_explain_a_wrong_outcome(string name) =>
        Assert.NotEmpty(Compare(s_scenarios[name], isIntel: true, isWrong: true));

    [Fact]
    public void Every_choice_has_a_manual_that_leaves_it() => Assert.All(IntelChoices.Rules, r => Assert.StartsWith("SDM ", r.Source, StringComparison.Ordinal));

    [Theory]
    [InlineData(Code.Shld_rm16_r16_CL, true)]
    [InlineData(Code.Shld_rm32_r32_CL, false)]
    [InlineData(Code.VEX_Vdpps_ymm_ymm_ymmm256_imm8, true)]
    [InlineData(Code.Fxsave64_m512byte, true)]
    [InlineData(Code.Fxrstor64_m512byte, false)]
    [InlineData(Code.Fscale, true)]
    [InlineData(Code.Fsqrt, false)]
    public void Results_that_vary_are_known_by_their_instruction(Code code, bool expected)
    {
        var instruction = new Instruction { Code = code };

        Assert.Equal(expected, IntelChoices.VariesResult(instruction, is32Bit: false));
    }

    private static IReadOnlyList<FieldDifference> Compare(Scenario scenario, bool isIntel, bool isWrong)
    {
        var test = new TestCase { CodeAddress = AddressSpace.Code, Instructions = [new CaseInstruction(scenario.Instruction)] };
        var assembler = new CaseAssembler();
        Assert.True(assembler.TryAssemble(test));
        var history = new FlagHistory();
        Assert.True(history.TryFollow(test.Instructions));
        var (host, engine) = (CreateOutcome(scenario, assembler), CreateOutcome(scenario, assembler));
        scenario.Host(host);
        scenario.Engine(engine);
        if (isWrong)
            scenario.Wrong(host);
        return new OutcomeComparer(new HostProcessor(isIntel)).Compare(test, host, engine, assembler.Addresses, history, _ => 0);
    }

    private static Outcome CreateOutcome(Scenario scenario, CaseAssembler assembler)
    {
        var outcome = new Outcome { Vector = scenario.Vector, Cr2 = Data };
        outcome.Registers.Rip = scenario.Vector == Breakpoint ? assembler.Addresses[^1] + 1 : assembler.Addresses[0];
        outcome.Registers.General[4] = Data + 8;
        outcome.Registers.General[7] = Data;
        outcome.Registers.General[14] = 1UL << 60;
        return outcome;
    }

    private static void Raise(Outcome outcome, ulong operand)
    {
        ref var fx = ref outcome.Registers.Fx;
        (fx.StatusWord, fx.LastOpcode, fx.LastInstruction, fx.LastData) = (0x8081, 0x1FA, AddressSpace.Code, operand);
    }

    private static void SetTop(Outcome outcome, ushort signExponent, ulong significand, ushort status, int index = 0)
    {
        ref var fx = ref outcome.Registers.Fx;
        (fx.Stack[index].SignExponent, fx.Stack[index].Significand, fx.StatusWord) = (signExponent, significand, status);
    }

    /// <param name="Instruction">The only instruction.</param>
    /// <param name="Vector">What ends the case: the breakpoint behind it, or a fault of its own.</param>
    /// <param name="Host">What the host has and the engine has not.</param>
    /// <param name="Engine">The other way round.</param>
    /// <param name="Wrong">What the host may not have on top.</param>
    private sealed record Scenario(Instruction Instruction, ulong Vector, Action<Outcome> Host, Action<Outcome> Engine, Action<Outcome> Wrong);
}
