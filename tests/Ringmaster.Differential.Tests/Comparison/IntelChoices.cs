using Iced.Intel;
using Ringmaster.Cpu.State;
using Ringmaster.Differential.Tests.Engine;
using Ringmaster.Differential.Tests.Generation;

namespace Ringmaster.Differential.Tests.Comparison;

/// <summary>
/// Where the manuals let processors differ, Intel's do, and the engines do as AMD's: each rule names the fields that may
/// differ after an instruction, and how. They hold on hosts of Intel only.
/// </summary>
internal static class IntelChoices
{
    private const ulong GeneralProtection = 13, PageFault = 14, SimdException = 19;
    private const uint ExceptionFlags = 0x3F;
    private const int Underflow = 0x10;

    /// <summary>What an unmasked underflow adds to the exponent of its result (SDM 1 8.5.5).</summary>
    private const int ExponentWrap = 0x6000;

    private const int Rcx = 1, Rsp = 4, Rsi = 6, Rdi = 7;

    private static readonly Rule[] s_rules =
    [
        new("SDM 2A CALL: a target that is not canonical faults; the return address below RSP may have been stored by then", StoresReturnAddress),
        new("SDM 2C VCVTPS2PH, 3A table 6-2: exceptions of the conversion and faults of the store are of one class; either may come first",
            ConvertsBeforeStore),
        new("SDM 1 11.5.2.5, 2C VCVTPS2PH: whether an unmasked underflow is also inexact where only the exponent did not fit is not said",
            UnderflowsInexactly),
        new("SDM 3A 9.1.1: a store of more than eight bytes is several accesses; the first may be done when the second faults", StoresTenBytesInParts),
        new("SDM 3A table 6-2: a fault of the fetch comes before a length of more than fifteen bytes", FetchesSixteenthByte),
        new("SDM 3A 12.2: MMX instructions clear TOP; stores may have done so when they fault", EntersMmxBeforeStore),
        new("SDM 2C VPGATHERDD: when the destination's upper half is cleared is not said for gathers that fault after the first element", GathersPart),
        new("SDM 2C VMASKMOV, 3A 4.7: which byte of a masked store a page fault names is not said", FaultsAnywhere),
        new("SDM 1 8.1.9.1: FOP is stored for unmasked exceptions only; one that was unmasked later finds an older one", FindsOlderOpcode),
        new("SDM 1 8.1.8, CPUID 7 EBX[6]: FDP is stored for unmasked exceptions only", FindsOlderOperand),
        new("SDM 1 8.1.8, 8.1.9.1: images have the FOP and FDP of an earlier instruction", SavesOlderPointers),
        new("SDM 2B SHLD, SHRD: counts above the operand's size leave the destination undefined", ShiftsTooFar),
        new("SDM 2B REP: whether a count of zero is written back, and index registers with it, is not said; 32-bit writes clear upper halves",
            WritesBackNothing),
        new("SDM 1 8.3.10: a transcendental's result may be off by less than one unit in the last place, so that the smallest normal number is tiny or not",
            IsBarelyTiny),
        new("SDM 2A FPREM, FPREM1, FSCALE: whether a tiny operand that is the result, too, underflows is not said", ReturnsTinyOperand),
        new("SDM 2A DPPD, DPPS: which NaN goes to which element of the destination depends on the implementation", PlacesNans),
    ];

    /// <summary>All rules.</summary>
    public static IReadOnlyList<Rule> Rules => s_rules;

    /// <summary>Whether a difference is one of Intel's choices.</summary>
    public static bool Explain(DifferenceContext context, FieldDifference difference) =>
        StoresNothingInvalid(context) || Array.Exists(s_rules, r => r.Explains(context, difference));

    /// <summary>Whether an instruction's result may be another one than the engines': nothing may go on with it.</summary>
    public static bool VariesResult(in Instruction instruction, bool is32Bit) => IsWordDoubleShift(instruction)
        || IsNarrowRepeat(instruction, is32Bit) || DotProductSize(instruction) != 0 || ScalesExponent(instruction) || ImageFields(instruction).Length > 0;

    /// <summary>
    /// Whether the case went on on the host only: where a store of the x87 meets an unmasked exception, nothing is stored, and the
    /// operand's address need not be looked at (SDM 1 8.5.1.2, SDM 3A table 6-2).
    /// </summary>
    public static bool StoresNothingInvalid(DifferenceContext context) => context.AtEngine is { } at && IsX87Store(at.Instruction.Mnemonic)
        && DifferenceContext.IsAddressFault(context.Engine) && (context.Engine.Registers.Fx.ControlWord & ExceptionFlags) != ExceptionFlags
        && !(context.Host.Registers.Rip == context.Engine.Registers.Rip && DifferenceContext.IsAddressFault(context.Host));

    private static bool StoresReturnAddress(DifferenceContext context, FieldDifference difference)
    {
        if (context is not { AtHost.Instruction: { Mnemonic: Mnemonic.Call, FlowControl: FlowControl.IndirectCall }, Host.Vector: GeneralProtection }
            || DifferenceContext.AddressOf(difference) is not { } address)
            return false;
        var slot = context.Host.Registers.General[Rsp] - 8;
        if (!context.DifferOnlyIn(address, slot, 8))
            return false;
        var expected = address >= slot ? context.NextAddress >> (int)(8 * (address - slot)) : context.NextAddress << (int)(8 * (slot - address));
        return ((context.AtHostAfter(address) ^ expected) & DifferenceContext.MaskOf(address, slot, 8)) == 0;
    }

    private static bool ConvertsBeforeStore(DifferenceContext context, FieldDifference difference)
    {
        if (context.AtHost is not { Instruction.Mnemonic: Mnemonic.Vcvtps2ph } || context.Host.Registers.Rip != context.Engine.Registers.Rip
            || !DifferenceContext.IsAddressFault(context.Engine) || !(context.Host.Vector == SimdException || DifferenceContext.IsAddressFault(context.Host)))
            return false;
        var (host, engine) = (context.Host.Registers.Fx.Mxcsr, context.Engine.Registers.Fx.Mxcsr);
        return difference.Name switch
        {
            "MXCSR" => (host & ~ExceptionFlags) == (engine & ~ExceptionFlags) && (host & engine) == engine,
            "vector" => context.Host.Vector == SimdException,
            _ => false,
        };
    }

    private static bool UnderflowsInexactly(DifferenceContext context, FieldDifference difference)
    {
        const uint underflow = 0x10, underflowMask = underflow << 7, inexact = 0x20;
        var (host, engine) = (context.Host.Registers.Fx.Mxcsr, context.Engine.Registers.Fx.Mxcsr);
        return difference.Name == "MXCSR" && context.AtHost is { Instruction.Mnemonic: Mnemonic.Vcvtps2ph }
            && context.Host.Vector == SimdException && context.Engine.Vector == SimdException
            && (engine & (underflow | underflowMask)) == underflow && host == (engine | inexact);
    }

    private static bool StoresTenBytesInParts(DifferenceContext context, FieldDifference difference) =>
        context.AtHost is { Instruction: { Op0Kind: OpKind.Memory, Mnemonic: Mnemonic.Fbstp or Mnemonic.Fstp, MemorySize: MemorySize.Bcd or MemorySize.Float80 },
            MemoryAddress: { } operand }
        && DifferenceContext.IsAddressFault(context.Host) && DifferenceContext.AddressOf(difference) is { } address && context.DifferOnlyIn(address, operand, 8);

    private static bool FetchesSixteenthByte(DifferenceContext context, FieldDifference difference)
    {
        const ulong fetch = 1 << 4;
        return difference.Name == "vector" && context.Engine.Vector == GeneralProtection && context.Host.Vector == PageFault
            && (context.Host.Error & fetch) != 0 && context.Host.Registers.Rip == context.Engine.Registers.Rip
            && context.Host.Cr2 == context.Host.Registers.Rip + 15;
    }

    private static bool GathersPart(DifferenceContext context, FieldDifference difference)
    {
        if (context.AtHost is not { } at || ImplementationChoices.PartialMask(at) is null || !at.Instruction.Op0Register.IsXMM()
            || !at.Instruction.MemoryIndex.IsXMM() || !DifferenceContext.IsAddressFault(context.Host))
            return false;
        var index = at.Instruction.Op0Register.GetNumber();
        ref readonly var upper = ref context.Host.Registers.YmmHigh;
        return difference.Name == $"YMM{index} upper half" && (upper[2 * index] | upper[2 * index + 1]) == 0;
    }

    private static bool FaultsAnywhere(DifferenceContext context, FieldDifference difference) => difference.Name == "CR2"
        && context.AtHost is { Instruction: { Mnemonic: Mnemonic.Vmaskmovps or Mnemonic.Vmaskmovpd or Mnemonic.Vpmaskmovd or Mnemonic.Vpmaskmovq,
            Op0Kind: OpKind.Memory }, MemoryAddress: { } operand }
        && context.Host.Cr2 - operand < 32 && context.Engine.Cr2 - operand < 32;

    private static bool EntersMmxBeforeStore(DifferenceContext context, FieldDifference difference)
    {
        const int topBits = 0x3800;
        if (context.AtHost is not { } at || !IsMmxStore(at.Instruction) || !DifferenceContext.IsAddressFault(context.Host))
            return false;
        ref readonly var host = ref context.Host.Registers.Fx;
        ref readonly var engine = ref context.Engine.Registers.Fx;
        if (host.StatusWord != (engine.StatusWord & ~topBits))
            return false;
        // The same registers, counted from another top.
        return difference.Name switch
        {
            "FSW" => true,
            ['S', 'T', var digit] => host.Stack[digit - '0'].Value == engine.Stack[(digit - '0' - engine.Top) & 7].Value,
            _ => false,
        };
    }

    private static bool FindsOlderOpcode(DifferenceContext context, FieldDifference difference) =>
        difference.Name is "FOP" or "FDP" && context.Test.Instructions.Exists(i => i.Instruction.Mnemonic is Mnemonic.Fldcw or Mnemonic.Fldenv
            or Mnemonic.Frstor or Mnemonic.Fxrstor or Mnemonic.Fxrstor64);

    private static bool FindsOlderOperand(DifferenceContext context, FieldDifference difference) =>
        difference.Name == "FDP" && context.InstructionAt(context.Host.Registers.Fx.LastInstruction) is { } last && !HasMemory(last);

    private static bool SavesOlderPointers(DifferenceContext context, FieldDifference difference)
    {
        if (DifferenceContext.AddressOf(difference) is not { } address || context.Completed is not { MemoryAddress: { } image } saving)
            return false;
        var allowed = 0UL;
        foreach (var (offset, length) in ImageFields(saving.Instruction))
            allowed |= DifferenceContext.MaskOf(address, image + (ulong)offset, length);
        return ((context.AtHostAfter(address) ^ context.AtEngineAfter(address)) & ~allowed) == 0;
    }

    private static bool ShiftsTooFar(DifferenceContext context, FieldDifference difference)
    {
        if (context.Completed is not { } shift || !IsWordDoubleShift(shift.Instruction))
            return false;
        var instruction = shift.Instruction;
        var destination = instruction.Op0Kind == OpKind.Register ? instruction.Op0Register : Register.None;
        var count = instruction.Op2Kind == OpKind.Immediate8 ? instruction.Immediate8 & 31 : (int)context.Host.Registers.General[Rcx] & 31;
        if (count <= 16 && !(destination == Register.CX && instruction.Op2Kind == OpKind.Register))
            return false;
        if (destination == Register.None)
            return DifferenceContext.AddressOf(difference) is { } address && shift.MemoryAddress is { } operand && context.DifferOnlyIn(address, operand, 2);
        var index = destination.GetNumber();
        return difference.Name == OutcomeComparer.NameOf(index)
            && (context.Host.Registers.General[index] ^ context.Engine.Registers.General[index]) <= ushort.MaxValue;
    }

    private static bool WritesBackNothing(DifferenceContext context, FieldDifference difference)
    {
        if ((context.Completed ?? context.AtHost) is not { } repeat || !IsNarrowRepeat(repeat.Instruction, repeat.Is32Bit))
            return false;
        foreach (var index in (ReadOnlySpan<int>)[Rcx, Rdi, Rsi])
        {
            if (difference.Name == OutcomeComparer.NameOf(index))
                return context.Host.Registers.General[index] == (uint)context.Engine.Registers.General[index];
        }
        return false;
    }

    private static bool PlacesNans(DifferenceContext context, FieldDifference difference)
    {
        if (context.Completed is not { } product || DotProductSize(product.Instruction) is not (var size and not 0))
            return false;
        var index = product.Instruction.Op0Register.GetNumber();
        ref readonly var host = ref context.Host.Registers;
        ref readonly var engine = ref context.Engine.Registers;
        if (difference.Name == $"XMM{index}")
            return AreNansOrEqual(host.Fx.Xmm[2 * index], engine.Fx.Xmm[2 * index], size) && AreNansOrEqual(host.Fx.Xmm[2 * index + 1], engine.Fx.Xmm[2 * index + 1], size);
        return difference.Name == $"YMM{index} upper half" && AreNansOrEqual(host.YmmHigh[2 * index], engine.YmmHigh[2 * index], size)
            && AreNansOrEqual(host.YmmHigh[2 * index + 1], engine.YmmHigh[2 * index + 1], size);
    }

    private static bool IsBarelyTiny(DifferenceContext context, FieldDifference difference)
    {
        const int roundedUpAndSummary = 0x8280;
        ref readonly var host = ref context.Host.Registers.Fx;
        ref readonly var engine = ref context.Engine.Registers.Fx;
        if (context.Completed is not { } last || !Exclusions.IsTranscendental(last.Instruction) || (engine.StatusWord & Underflow) == 0)
            return false;
        // FSINCOS pushes the cosine, which is near one here, onto the sine.
        var index = last.Instruction.Mnemonic == Mnemonic.Fsincos ? 1 : 0;
        var (expected, actual) = (host.Stack[index].Value, engine.Stack[index].Value);
        if ((expected.SignExponent & 0x7FFF, expected.Significand) != (1, 1UL << 63))
            return false;
        if ((engine.ControlWord & Underflow) == 0)
            actual = new FloatRegister(actual.Significand, (ushort)(actual.SignExponent - ExponentWrap));
        return TranscendentalResults.AreNeighbours(expected, actual)
            && (difference.Name == $"ST{index}" || (difference.Name == "FSW" && ((host.StatusWord ^ engine.StatusWord) & ~(Underflow | roundedUpAndSummary)) == 0));
    }

    private static bool ReturnsTinyOperand(DifferenceContext context, FieldDifference difference)
    {
        const int summary = 0x8080;
        ref readonly var host = ref context.Host.Registers.Fx;
        ref readonly var engine = ref context.Engine.Registers.Fx;
        if (context.Completed is not { } last || !ScalesExponent(last.Instruction) || (engine.StatusWord & Underflow) == 0
            || (engine.ControlWord & Underflow) != 0)
            return false;
        var operand = host.Stack[0].Value;
        if ((operand.SignExponent & 0x7FFF) != 0 || operand.Significand == 0)
            return false;
        var shift = System.Numerics.BitOperations.LeadingZeroCount(operand.Significand);
        var scaled = new FloatRegister(operand.Significand << shift, (ushort)(operand.SignExponent | (ExponentWrap + 1 - shift)));
        return engine.Stack[0].Value == scaled
            && (difference.Name == "ST0" || (difference.Name == "FSW" && ((host.StatusWord ^ engine.StatusWord) & ~(Underflow | summary)) == 0));
    }

    private static bool AreNansOrEqual(ulong host, ulong engine, int size)
    {
        if (host == engine)
            return true;
        if (size == 8)
            return double.IsNaN(BitConverter.UInt64BitsToDouble(host)) && double.IsNaN(BitConverter.UInt64BitsToDouble(engine));
        return AreSame((uint)host, (uint)engine) && AreSame((uint)(host >> 32), (uint)(engine >> 32));

        static bool AreSame(uint left, uint right) =>
            left == right || (float.IsNaN(BitConverter.UInt32BitsToSingle(left)) && float.IsNaN(BitConverter.UInt32BitsToSingle(right)));
    }

    private static bool IsX87Store(Mnemonic mnemonic) => mnemonic is Mnemonic.Fst or Mnemonic.Fstp or Mnemonic.Fist or Mnemonic.Fistp
        or Mnemonic.Fisttp or Mnemonic.Fbstp;

    private static bool IsMmxStore(in Instruction instruction) => instruction.Mnemonic is Mnemonic.Movntq or Mnemonic.Movq or Mnemonic.Movd
        && instruction.Op0Kind == OpKind.Memory && instruction.Op1Register.IsMM();

    private static bool IsWordDoubleShift(in Instruction instruction) => instruction.Code is Code.Shld_rm16_r16_CL or Code.Shld_rm16_r16_imm8
        or Code.Shrd_rm16_r16_CL or Code.Shrd_rm16_r16_imm8;

    private static bool IsNarrowRepeat(in Instruction instruction, bool is32Bit) => !is32Bit
        && (instruction.HasRepPrefix || instruction.HasRepnePrefix) && instruction.Code.IsStringInstruction()
        && (IsNarrow(instruction.Op0Kind) || IsNarrow(instruction.Op1Kind));

    private static bool IsNarrow(OpKind kind) => kind is OpKind.MemoryESEDI or OpKind.MemorySegESI;

    private static bool ScalesExponent(in Instruction instruction) => instruction.Mnemonic is Mnemonic.Fprem or Mnemonic.Fprem1 or Mnemonic.Fscale;

    private static int DotProductSize(in Instruction instruction) => instruction.Mnemonic switch
    {
        Mnemonic.Dpps or Mnemonic.Vdpps => 4,
        Mnemonic.Dppd or Mnemonic.Vdppd => 8,
        _ => 0,
    };

    // FOP and FDP in the formats of SDM 1 figures 8-9 and 8-11 and SDM 1 10.5.1.
    private static (int Offset, int Length)[] ImageFields(in Instruction instruction) => instruction.Code switch
    {
        Code.Fnstenv_m14byte or Code.Fnsave_m94byte => [(10, 2)],
        Code.Fnstenv_m28byte or Code.Fnsave_m108byte => [(18, 2), (20, 4)],
        Code.Fxsave_m512byte => [(6, 2), (16, 4)],
        Code.Fxsave64_m512byte => [(6, 2), (16, 8)],
        _ => [],
    };

    private static bool HasMemory(in Instruction instruction)
    {
        for (var i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Memory)
                return true;
        }
        return false;
    }

    /// <summary>A choice.</summary>
    /// <param name="Source">What the manual says, and where.</param>
    /// <param name="Explains">Whether it accounts for a difference.</param>
    internal sealed record Rule(string Source, Func<DifferenceContext, FieldDifference, bool> Explains);
}
