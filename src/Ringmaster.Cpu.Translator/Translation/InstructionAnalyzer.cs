using Iced.Intel;
using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>Finds out all that the translation of an instruction, and of others around it, must know of it.</summary>
/// <param name="classifier">Decides how it is translated.</param>
internal sealed class InstructionAnalyzer(InstructionClassifier classifier)
{
    private const int Rsp = 4, Rbp = 5;

    /// <summary>RIP, CS, RFLAGS, RSP and SS.</summary>
    private const int InterruptFrameBytes = 40;

    private readonly InstructionInfoFactory _usage = new();

    /// <summary>Analyzes an instruction.</summary>
    /// <param name="iced">As decoded.</param>
    /// <param name="context">The state that its translation takes as given.</param>
    /// <param name="offset">Offset of its first byte in the page.</param>
    /// <param name="mayCross">It may be translated even if it crosses into the next page.</param>
    public GuestInstruction Analyze(in Instruction iced, TranslationContext context, int offset, bool mayCross)
    {
        var kind = classifier.Classify(iced, context, out var usesVectors);
        if (offset + iced.Length > 0x1000 && !(mayCross && kind != InstructionKind.Interpret))
            (kind, usesVectors) = (InstructionKind.InPlace, false);
        var instruction = new GuestInstruction
        {
            Iced = iced,
            Offset = offset,
            End = offset + Math.Max(iced.Length, 1),
            Kind = kind,
            UsesVectors = usesVectors,
            Moved = -1,
            Reads = StatusFlags.ReadBy(iced),
            Changes = StatusFlags.ChangedBy(iced),
        };
        if (kind == InstructionKind.Interpret)
            return instruction;
        if (kind == InstructionKind.InPlace)
        {
            // It sees all flags and may change anything.
            instruction.Reads = instruction.Changes = StatusFlags.All;
            instruction.Written = uint.MaxValue;
            return instruction;
        }
        instruction.Iced.Code = HostForm.Of(iced.Code);
        var usage = _usage.GetInfo(instruction.Iced);
        instruction.Written = WrittenBy(usage);
        if (kind is InstructionKind.PushFlags or InstructionKind.InterruptReturn)
            instruction.Reads = StatusFlags.All;
        (instruction.Moved, instruction.Distance) = MoveOf(instruction.Iced);
        instruction.StackChange = StackChangeOf(instruction, context.Is64Bit);
        FindAccesses(ref instruction, usage, context.Is64Bit);
        return instruction;
    }

    private static uint WrittenBy(in InstructionInfo usage)
    {
        uint written = 0;
        foreach (var used in usage.GetUsedRegisters())
        {
            if (used.Access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite && used.Register.IsGPR())
                written |= 1u << used.Register.GetFullRegister().GetNumber();
        }
        return written;
    }

    /// <summary>The register to which an instruction adds a constant in 64 bits, and the constant; -1 if it does nothing of the kind.</summary>
    private static (int Register, int Distance) MoveOf(in Instruction iced) => iced.Code switch
    {
        Code.Add_rm64_imm8 or Code.Add_rm64_imm32 when iced.Op0Kind == OpKind.Register => (iced.Op0Register.GetNumber(), (int)iced.GetImmediate(1)),
        Code.Sub_rm64_imm8 or Code.Sub_rm64_imm32 when iced.Op0Kind == OpKind.Register && iced.GetImmediate(1) != unchecked((ulong)int.MinValue)
            => (iced.Op0Register.GetNumber(), -(int)iced.GetImmediate(1)),
        Code.Inc_rm64 when iced.Op0Kind == OpKind.Register => (iced.Op0Register.GetNumber(), 1),
        Code.Dec_rm64 when iced.Op0Kind == OpKind.Register => (iced.Op0Register.GetNumber(), -1),
        Code.Lea_r64_m when iced.MemoryBase == iced.Op0Register && iced.MemoryIndex == Register.None
            => (iced.Op0Register.GetNumber(), (int)iced.MemoryDisplacement64),
        _ => (-1, 0),
    };

    private static int? StackChangeOf(in GuestInstruction instruction, bool is64Bit)
    {
        var width = is64Bit ? 8 : 4;
        ref readonly var iced = ref instruction.Iced;
        switch (instruction.Kind)
        {
            case InstructionKind.Push or InstructionKind.PushFlags or InstructionKind.Call or InstructionKind.IndirectCall:
                return -width;
            case InstructionKind.Pop:
                return iced.Op0Register.GetFullRegister() == Register.RSP ? null : width;
        }
        if ((instruction.Written & 1u << Rsp) == 0)
            return 0;
        if (iced.Code is Code.Add_rm64_imm8 or Code.Add_rm64_imm32)
            return (int)iced.GetImmediate(1);
        if (iced.Code is Code.Sub_rm64_imm8 or Code.Sub_rm64_imm32)
            return -(int)iced.GetImmediate(1);
        if (iced.Code == Code.Lea_r64_m && iced.MemoryBase == Register.RSP && iced.MemoryIndex == Register.None)
            return (int)iced.MemoryDisplacement64;
        return null;
    }

    private static void FindAccesses(ref GuestInstruction instruction, in InstructionInfo usage, bool is64Bit)
    {
        ref readonly var iced = ref instruction.Iced;
        var width = is64Bit ? 8 : 4;
        switch (instruction.Kind)
        {
            case InstructionKind.Plain or InstructionKind.Divide:
                var operand = MemoryOperand(iced);
                if (operand >= 0)
                {
                    var access = usage.GetOpAccess(operand);
                    var writes = access is not (OpAccess.Read or OpAccess.CondRead or OpAccess.None or OpAccess.NoMemAccess);
                    instruction.Access = new(GuestAddress.Of(iced, is64Bit), iced.MemorySize.GetSize(), writes, Alignment.Demands(iced),
                        IsConditional: access is not (OpAccess.Read or OpAccess.Write or OpAccess.ReadWrite));
                }
                break;
            case InstructionKind.Push or InstructionKind.IndirectCall or InstructionKind.PushFlags:
                var store = new GuestAccess(GuestAddress.OnStack(-width, is64Bit), width, Writes: true);
                if (iced.Op0Kind == OpKind.Memory)
                    (instruction.Access, instruction.SecondAccess) = (new(GuestAddress.Of(iced, is64Bit), width, Writes: false), store);
                else if (instruction.Kind != InstructionKind.IndirectCall)
                    instruction.Access = store;
                else
                    instruction.SecondAccess = store;
                break;
            case InstructionKind.Call:
                instruction.Access = new(GuestAddress.OnStack(-width, is64Bit), width, Writes: true);
                break;
            case InstructionKind.StoreSelector:
                instruction.Access = new(GuestAddress.Of(iced, is64Bit), 2, Writes: true);
                break;
            case InstructionKind.InterruptReturn:
                instruction.Access = new(GuestAddress.OnStack(0, is64Bit), InterruptFrameBytes, Writes: false);
                break;
            case InstructionKind.Pop or InstructionKind.Return:
                instruction.Access = new(GuestAddress.OnStack(0, is64Bit), width, Writes: false);
                break;
            case InstructionKind.Leave:
                instruction.Access = new(new GuestAddress(Rbp, -1, 0, 0, is64Bit ? 64 : 32, -1), width, Writes: false);
                break;
            case InstructionKind.IndirectJump when iced.Op0Kind == OpKind.Memory:
                instruction.Access = new(GuestAddress.Of(iced, is64Bit), width, Writes: false);
                break;
        }
    }

    private static int MemoryOperand(in Instruction iced)
    {
        for (var i = 0; i < iced.OpCount; i++)
        {
            if (iced.GetOpKind(i) == OpKind.Memory)
                return i;
        }
        return -1;
    }
}
