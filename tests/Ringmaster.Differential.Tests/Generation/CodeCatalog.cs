using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Differential.Tests.Generation;

/// <summary>The instructions that an engine has, by class and mnemonic, so that no class or mnemonic is drowned by its many forms.</summary>
internal sealed unsafe class CodeCatalog
{
    // How often each class is met, in the order of the enumeration.
    private static readonly int[] s_weights = [30, 6, 6, 8, 6, 14, 6, 8, 10, 4, 6, 2, 4, 14, 8, 5, 2, 1];

    private readonly Code[][][] _classes;
    private readonly bool[] _hasRegister;
    private readonly bool[] _hasMemory;
    private readonly int[] _present;

    public CodeCatalog(CpuidTable cpuid, bool is32Bit)
    {
        var handlers = HandlerTable.Create();
        var instructionSet = new InstructionSet(cpuid);
        var codes = Enum.GetValues<Code>();
        _hasRegister = new bool[codes.Length];
        _hasMemory = new bool[codes.Length];
        var usable = new List<Code>();
        foreach (var code in codes)
        {
            _hasRegister[(int)code] = handlers.Find(code, memory: false) != null;
            _hasMemory[(int)code] = handlers.Find(code, memory: true) != null;
            var info = code.ToOpCode();
            if ((_hasRegister[(int)code] || _hasMemory[(int)code]) && info.IsInstruction && info.IsAvailableInMode(is32Bit ? 32 : 64)
                && instructionSet.Has(code) && !Exclusions.Contains(code) && IsEncodable(info, is32Bit))
                usable.Add(code);
        }
        _classes = [.. Enum.GetValues<InstructionClass>().Select(c => usable.Where(u => ClassOf(u) == c)
            .GroupBy(u => u.Mnemonic()).Select(g => g.ToArray()).ToArray())];
        _present = [.. _classes.Select((c, i) => c.Length == 0 ? 0 : s_weights[i])];
        Codes = usable;
    }

    /// <summary>All codes.</summary>
    public IReadOnlyList<Code> Codes { get; }

    /// <summary>A class that has instructions.</summary>
    public InstructionClass PickClass(Dice dice)
    {
        var roll = dice.Below(_present.Sum());
        var index = 0;
        while (roll >= _present[index])
            roll -= _present[index++];
        return (InstructionClass)index;
    }

    /// <summary>An instruction of a class.</summary>
    public Code Pick(Dice dice, InstructionClass instructionClass)
    {
        var mnemonics = _classes[(int)instructionClass];
        var codes = mnemonics[dice.Below(mnemonics.Length)];
        return codes[dice.Below(codes.Length)];
    }

    /// <summary>Whether the engine has the form of a code with a register, or with memory, as its r/m operand.</summary>
    public bool Has(Code code, bool memory) => memory ? _hasMemory[(int)code] : _hasRegister[(int)code];

    /// <summary>
    /// Whether a form means the same everywhere: in 64-bit mode Intel ignores the operand-size prefix of near branches and AMD
    /// does not (SDM 2A Jcc, APM 3 Jcc). Raw bytes have it all the same.
    /// </summary>
    public static bool IsEncodable(OpCodeInfo info, bool is32Bit) =>
        is32Bit || info.OperandSize != 16 || info.Code.FlowControl() == FlowControl.Next;

    private static InstructionClass ClassOf(Code code)
    {
        if (code.IsPrivileged() || code.ToOpCode().IsInputOutput)
            return InstructionClass.Privileged;
        if (code.IsStringInstruction())
            return InstructionClass.Strings;
        if (code.FlowControl() is not (FlowControl.Next or FlowControl.Interrupt or FlowControl.Exception))
            return InstructionClass.Branch;
        var features = code.CpuidFeatures();
        foreach (var feature in features)
        {
            switch (feature)
            {
                case CpuidFeature.FPU or CpuidFeature.FPU287 or CpuidFeature.FPU387 or CpuidFeature.FXSR:
                    return InstructionClass.X87;
                case CpuidFeature.AES or CpuidFeature.SHA or CpuidFeature.PCLMULQDQ or CpuidFeature.VAES or CpuidFeature.VPCLMULQDQ
                    or CpuidFeature.GFNI:
                    return InstructionClass.Crypto;
                case CpuidFeature.BMI1 or CpuidFeature.BMI2 or CpuidFeature.ADX or CpuidFeature.LZCNT or CpuidFeature.POPCNT
                    or CpuidFeature.MOVBE:
                    return InstructionClass.Bits;
                case CpuidFeature.MMX:
                    return InstructionClass.Mmx;
                case CpuidFeature.SSE:
                    return InstructionClass.Sse;
                case CpuidFeature.SSE2:
                    return InstructionClass.Sse2;
                case CpuidFeature.SSE3 or CpuidFeature.SSSE3:
                    return InstructionClass.Sse3;
                case CpuidFeature.SSE4_1 or CpuidFeature.SSE4_2:
                    return InstructionClass.Sse4;
                case CpuidFeature.SSE4A:
                    return InstructionClass.Sse4A;
                case CpuidFeature.FMA:
                    return InstructionClass.Fma;
                case CpuidFeature.F16C:
                    return InstructionClass.Half;
                case CpuidFeature.AVX2:
                    return InstructionClass.Avx2;
                case CpuidFeature.AVX:
                    return InstructionClass.Avx;
            }
        }
        return code.IsStackInstruction() ? InstructionClass.Stack : InstructionClass.Integer;
    }
}
