using Iced.Intel;

namespace Ringmaster.Differential.Tests.Generation;

/// <summary>Builds one instruction of a given code with random operands that its encoding allows.</summary>
internal sealed class InstructionMaker(Dice dice, RegisterPlan plan, CodeCatalog catalog, bool is32Bit)
{
    private readonly MemoryOperandMaker _memory = new(dice, plan);
    private Register _gatherDestination;
    private Register _gatherIndex;
    private bool _hasShortPointers;

    /// <summary>Builds an instruction. Near branches get a placeholder for their target.</summary>
    /// <returns>False if the code has an operand that is not made here.</returns>
    public bool TryMake(Code code, out Instruction instruction)
    {
        instruction = default;
        instruction.Code = code;
        var info = code.ToOpCode();
        var hasMemory = catalog.Has(code, memory: true);
        var useMemory = hasMemory && (!catalog.Has(code, memory: false) || dice.Percent(45));
        (_gatherDestination, _gatherIndex) = (Register.None, Register.None);
        _hasShortPointers = is32Bit || dice.Percent(5);
        for (var i = 0; i < info.OpCount; i++)
        {
            if (!TrySetOperand(ref instruction, info, i, useMemory))
                return false;
        }
        AddPrefixes(ref instruction, info);
        return true;
    }

    private bool TrySetOperand(ref Instruction instruction, OpCodeInfo info, int operand, bool useMemory)
    {
        var kind = info.GetOpKind(operand);
        switch (kind)
        {
            case OpCodeOperandKind.mem or OpCodeOperandKind.sibmem:
                SetMemory(ref instruction, operand, info);
                return true;
            case OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r16_or_mem or OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.r64_or_mem
                or OpCodeOperandKind.mm_or_mem or OpCodeOperandKind.xmm_or_mem or OpCodeOperandKind.ymm_or_mem:
                if (useMemory)
                    SetMemory(ref instruction, operand, info);
                else
                    SetRegister(ref instruction, operand, PickRegister(kind));
                return true;
            case OpCodeOperandKind.mem_vsib32x or OpCodeOperandKind.mem_vsib64x or OpCodeOperandKind.mem_vsib32y or OpCodeOperandKind.mem_vsib64y:
                SetGather(ref instruction, operand, kind);
                return true;
            case OpCodeOperandKind.mem_offs:
                instruction.SetOpKind(operand, OpKind.Memory);
                var offset = Values.Address(dice, 8);
                instruction.MemoryDisplacement64 = is32Bit ? (uint)offset : offset;
                instruction.MemoryDisplSize = is32Bit ? 4 : 8;
                return true;
            case OpCodeOperandKind.seg_rSI:
                instruction.SetOpKind(operand, _hasShortPointers ? OpKind.MemorySegESI : OpKind.MemorySegRSI);
                return true;
            case OpCodeOperandKind.es_rDI:
                instruction.SetOpKind(operand, _hasShortPointers ? OpKind.MemoryESEDI : OpKind.MemoryESRDI);
                return true;
            case OpCodeOperandKind.seg_rDI:
                instruction.SetOpKind(operand, is32Bit ? OpKind.MemorySegEDI : OpKind.MemorySegRDI);
                return true;
            case OpCodeOperandKind.seg_rBX_al:
                instruction.SetOpKind(operand, OpKind.Memory);
                instruction.MemoryBase = is32Bit ? Register.EBX : Register.RBX;
                instruction.MemoryIndex = Register.AL;
                return true;
            case OpCodeOperandKind.br16_1 or OpCodeOperandKind.br16_2:
                instruction.SetOpKind(operand, OpKind.NearBranch16);
                return true;
            case OpCodeOperandKind.br32_1 or OpCodeOperandKind.br32_4:
                instruction.SetOpKind(operand, OpKind.NearBranch32);
                return true;
            case OpCodeOperandKind.br64_1 or OpCodeOperandKind.br64_4:
                instruction.SetOpKind(operand, OpKind.NearBranch64);
                return true;
            case OpCodeOperandKind.imm4_m2z or OpCodeOperandKind.imm8 or OpCodeOperandKind.imm8sex16 or OpCodeOperandKind.imm8sex32
                or OpCodeOperandKind.imm8sex64 or OpCodeOperandKind.imm8_const_1 or OpCodeOperandKind.imm16 or OpCodeOperandKind.imm32
                or OpCodeOperandKind.imm32sex64 or OpCodeOperandKind.imm64:
                SetImmediate(ref instruction, operand, kind);
                return true;
            default:
                if (PickRegister(kind) is var register and not Register.None)
                {
                    SetRegister(ref instruction, operand, register);
                    return true;
                }
                return false;
        }
    }

    private void SetMemory(ref Instruction instruction, int operand, OpCodeInfo info)
    {
        instruction.SetOpKind(operand, OpKind.Memory);
        var size = Math.Max(1, info.MemorySize.GetSize());
        // Those that only compute an address may name any.
        _memory.Set(ref instruction, Math.Min(size, 64), is32Bit, canBeRelative: true);
    }

    private void SetGather(ref Instruction instruction, int operand, OpCodeOperandKind kind)
    {
        instruction.SetOpKind(operand, OpKind.Memory);
        var first = kind is OpCodeOperandKind.mem_vsib32x or OpCodeOperandKind.mem_vsib64x ? Register.XMM0 : Register.YMM0;
        // Destination, index and mask must differ (SDM 2C VGATHERDPS).
        do
            _gatherIndex = first + dice.Below(is32Bit ? 8 : 16);
        while (_gatherDestination != Register.None && _gatherIndex.GetNumber() == _gatherDestination.GetNumber());
        _memory.SetGather(ref instruction, _gatherIndex, is32Bit);
    }

    private void SetRegister(ref Instruction instruction, int operand, Register register)
    {
        if (operand == 0)
            _gatherDestination = register;
        if (_gatherIndex != Register.None)
        {
            while (register.GetNumber() == _gatherIndex.GetNumber() || register.GetNumber() == _gatherDestination.GetNumber())
                register = register - register.GetNumber() + dice.Below(is32Bit ? 8 : 16);
        }
        instruction.SetOpKind(operand, OpKind.Register);
        instruction.SetOpRegister(operand, register);
    }

    private Register PickRegister(OpCodeOperandKind kind)
    {
        var general = dice.Below(is32Bit ? 8 : 16);
        // A sequence that loses its stack pointer ends soon.
        if (general == 4 && dice.Percent(80))
            general = 0;
        return kind switch
        {
            OpCodeOperandKind.r8_or_mem or OpCodeOperandKind.r8_reg or OpCodeOperandKind.r8_opcode => PickByteRegister(general),
            OpCodeOperandKind.r16_or_mem or OpCodeOperandKind.r16_reg or OpCodeOperandKind.r16_rm or OpCodeOperandKind.r16_opcode
                or OpCodeOperandKind.r16_reg_mem => Register.AX + general,
            OpCodeOperandKind.r32_or_mem or OpCodeOperandKind.r32_reg or OpCodeOperandKind.r32_rm or OpCodeOperandKind.r32_opcode
                or OpCodeOperandKind.r32_reg_mem or OpCodeOperandKind.r32_vvvv => Register.EAX + general,
            OpCodeOperandKind.r64_or_mem or OpCodeOperandKind.r64_reg or OpCodeOperandKind.r64_rm or OpCodeOperandKind.r64_opcode
                or OpCodeOperandKind.r64_reg_mem or OpCodeOperandKind.r64_vvvv => Register.RAX + general,
            OpCodeOperandKind.mm_or_mem or OpCodeOperandKind.mm_reg or OpCodeOperandKind.mm_rm => Register.MM0 + dice.Below(8),
            OpCodeOperandKind.xmm_or_mem or OpCodeOperandKind.xmm_reg or OpCodeOperandKind.xmm_rm or OpCodeOperandKind.xmm_vvvv
                or OpCodeOperandKind.xmm_is4 => Register.XMM0 + PickVector(),
            OpCodeOperandKind.ymm_or_mem or OpCodeOperandKind.ymm_reg or OpCodeOperandKind.ymm_rm or OpCodeOperandKind.ymm_vvvv
                or OpCodeOperandKind.ymm_is4 => Register.YMM0 + PickVector(),
            OpCodeOperandKind.seg_reg => Register.ES + dice.Below(6),
            OpCodeOperandKind.cr_reg => dice.Pick<Register>([Register.CR0, Register.CR2, Register.CR3, Register.CR4]),
            OpCodeOperandKind.dr_reg => dice.Pick<Register>([Register.DR0, Register.DR3, Register.DR6, Register.DR7]),
            OpCodeOperandKind.sti_opcode => Register.ST0 + dice.Below(8),
            OpCodeOperandKind.st0 => Register.ST0,
            OpCodeOperandKind.al => Register.AL,
            OpCodeOperandKind.cl => Register.CL,
            OpCodeOperandKind.ax => Register.AX,
            OpCodeOperandKind.dx => Register.DX,
            OpCodeOperandKind.eax => Register.EAX,
            OpCodeOperandKind.rax => Register.RAX,
            OpCodeOperandKind.es => Register.ES,
            OpCodeOperandKind.cs => Register.CS,
            OpCodeOperandKind.ss => Register.SS,
            OpCodeOperandKind.ds => Register.DS,
            OpCodeOperandKind.fs => Register.FS,
            OpCodeOperandKind.gs => Register.GS,
            _ => Register.None,
        };
    }

    // Few different registers, so that results meet again.
    private int PickVector() => dice.Percent(70) ? dice.Below(4) : dice.Below(is32Bit ? 8 : 16);

    private Register PickByteRegister(int general) =>
        is32Bit ? Register.AL + general
        : dice.Percent(15) ? Register.AH + dice.Below(4)
        : general < 4 ? Register.AL + general : Register.SPL + (general - 4);

    private void SetImmediate(ref Instruction instruction, int operand, OpCodeOperandKind kind)
    {
        var (opKind, value) = kind switch
        {
            OpCodeOperandKind.imm8sex16 => (OpKind.Immediate8to16, (ulong)(sbyte)Values.Integer(dice)),
            OpCodeOperandKind.imm8sex32 => (OpKind.Immediate8to32, (ulong)(sbyte)Values.Integer(dice)),
            OpCodeOperandKind.imm8sex64 => (OpKind.Immediate8to64, (ulong)(sbyte)Values.Integer(dice)),
            OpCodeOperandKind.imm16 => (OpKind.Immediate16, (ushort)Values.Integer(dice)),
            OpCodeOperandKind.imm32 => (OpKind.Immediate32, (uint)Values.Integer(dice)),
            OpCodeOperandKind.imm32sex64 => (OpKind.Immediate32to64, (ulong)(int)Values.Integer(dice)),
            OpCodeOperandKind.imm64 => (OpKind.Immediate64, Values.Integer(dice)),
            OpCodeOperandKind.imm8_const_1 => (OpKind.Immediate8, 1UL),
            OpCodeOperandKind.imm4_m2z => (OpKind.Immediate8, (ulong)dice.Below(4)),
            _ => (OpKind.Immediate8, (byte)Values.Integer(dice)),
        };
        // ENTER's levels and EXTRQ's second byte are the second immediate of two.
        if (opKind == OpKind.Immediate8 && operand > 0 && instruction.GetOpKind(operand - 1) is OpKind.Immediate8 or OpKind.Immediate16)
        {
            instruction.SetOpKind(operand, OpKind.Immediate8_2nd);
            instruction.Immediate8_2nd = (byte)value;
            return;
        }
        instruction.SetOpKind(operand, opKind);
        instruction.SetImmediate(operand, value);
    }

    private void AddPrefixes(ref Instruction instruction, OpCodeInfo info)
    {
        if (info.CanUseLockPrefix && instruction.Op0Kind == OpKind.Memory && dice.Percent(30))
            instruction.HasLockPrefix = true;
        if (info.CanUseRepPrefix && instruction.IsStringInstruction && dice.Percent(60))
            instruction.HasRepPrefix = true;
        else if (info.CanUseRepnePrefix && instruction.IsStringInstruction && dice.Percent(50))
            instruction.HasRepnePrefix = true;
        if (dice.Percent(2) && instruction.MemoryBase != Register.None)
            instruction.SegmentPrefix = dice.Pick<Register>([Register.ES, Register.CS, Register.SS, Register.DS]);
    }
}
