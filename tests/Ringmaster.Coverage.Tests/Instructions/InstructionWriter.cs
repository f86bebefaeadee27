using Iced.Intel;
using Ringmaster.Coverage.Tests.Guest;

namespace Ringmaster.Coverage.Tests.Instructions;

/// <summary>Writes an instruction of a given form, with operands that suit the test guest.</summary>
internal static class InstructionWriter
{
    /// <summary>The machine code at a place in the guest.</summary>
    /// <param name="form">What to write.</param>
    /// <param name="lockPrefix">With a LOCK prefix.</param>
    public static byte[] Write(InstructionForm form, bool lockPrefix = false)
    {
        var instruction = Build(form);
        instruction.HasLockPrefix = lockPrefix;
        using var bytes = new MemoryStream();
        var encoder = Encoder.Create(form.Bits, new StreamCodeWriter(bytes));
        encoder.Encode(instruction, GuestLayout.StartOf(form.Bits));
        return bytes.ToArray();
    }

    private static Instruction Build(InstructionForm form)
    {
        var info = form.Code.ToOpCode();
        var instruction = new Instruction { Code = form.Code };
        for (var i = 0; i < info.OpCount; i++)
        {
            var kind = info.GetOpKind(i);
            if (InstructionForm.IsMemoryOnly(kind) || (form.IsMemory && InstructionForm.IsEither(kind)))
                SetMemory(ref instruction, i, kind, form.Bits, AddressBits(info, form.Bits));
            else if (ImmediateOf(kind) is { } immediate)
                SetImmediate(ref instruction, i, immediate);
            else if (!SetBranch(ref instruction, i, kind, form.Bits) && !SetString(ref instruction, i, kind, form.Bits))
                SetRegister(ref instruction, i, kind);
        }
        return instruction;
    }

    // Where a register holds a second address, its size is that of all addresses of the instruction.
    private static int AddressBits(OpCodeInfo info, int bits)
    {
        for (var i = 0; i < info.OpCount; i++)
        {
            switch (info.GetOpKind(i))
            {
                case OpCodeOperandKind.r16_reg_mem:
                    return 16;
                case OpCodeOperandKind.r32_reg_mem:
                    return 32;
                case OpCodeOperandKind.r64_reg_mem:
                    return 64;
            }
        }
        return bits;
    }

    private static void SetMemory(ref Instruction instruction, int operand, OpCodeOperandKind kind, int bits, int addressBits)
    {
        instruction.SetOpKind(operand, OpKind.Memory);
        if (kind == OpCodeOperandKind.mem_offs)
        {
            instruction.MemoryDisplacement64 = GuestLayout.DataOf(bits);
            instruction.MemoryDisplSize = bits / 8;
            return;
        }
        var isTable = kind == OpCodeOperandKind.seg_rBX_al;
        var isVector = kind is >= OpCodeOperandKind.mem_vsib32x and <= OpCodeOperandKind.mem_vsib64z;
        if (isVector && addressBits == 16)
            addressBits = 32;
        instruction.MemoryBase = (addressBits, isTable) switch
        {
            (16, false) => Register.SI,
            (16, true) => Register.BX,
            (32, false) => Register.ESI,
            (32, true) => Register.EBX,
            (_, false) => Register.RSI,
            _ => Register.RBX,
        };
        if (isTable)
            instruction.MemoryIndex = Register.AL;
        if (isVector)
            instruction.MemoryIndex = (kind is OpCodeOperandKind.mem_vsib32y or OpCodeOperandKind.mem_vsib64y ? Register.YMM0 : Register.XMM0) + 4;
    }

    private static OpKind? ImmediateOf(OpCodeOperandKind kind) => kind switch
    {
        OpCodeOperandKind.imm8 or OpCodeOperandKind.imm8_const_1 => OpKind.Immediate8,
        OpCodeOperandKind.imm8sex16 => OpKind.Immediate8to16,
        OpCodeOperandKind.imm8sex32 => OpKind.Immediate8to32,
        OpCodeOperandKind.imm8sex64 => OpKind.Immediate8to64,
        OpCodeOperandKind.imm16 => OpKind.Immediate16,
        OpCodeOperandKind.imm32 => OpKind.Immediate32,
        OpCodeOperandKind.imm32sex64 => OpKind.Immediate32to64,
        OpCodeOperandKind.imm64 => OpKind.Immediate64,
        _ => null,
    };

    // One is a legal count, port, rounding mode, selector of elements and predicate.
    private static void SetImmediate(ref Instruction instruction, int operand, OpKind kind)
    {
        if (operand > 0 && kind == OpKind.Immediate8 && instruction.GetOpKind(operand - 1) is OpKind.Immediate8 or OpKind.Immediate16)
        {
            instruction.SetOpKind(operand, OpKind.Immediate8_2nd);
            instruction.Immediate8_2nd = 1;
            return;
        }
        instruction.SetOpKind(operand, kind);
        instruction.SetImmediate(operand, instruction.Code == Code.Int_imm8 ? GuestLayout.SoftwareInterrupt : 1);
    }

    private static bool SetBranch(ref Instruction instruction, int operand, OpCodeOperandKind kind, int bits)
    {
        var target = GuestLayout.TargetOf(bits);
        switch (kind)
        {
            case OpCodeOperandKind.br16_1 or OpCodeOperandKind.br16_2:
                instruction.SetOpKind(operand, OpKind.NearBranch16);
                instruction.NearBranch16 = (ushort)target;
                return true;
            case OpCodeOperandKind.br32_1 or OpCodeOperandKind.br32_4:
                instruction.SetOpKind(operand, OpKind.NearBranch32);
                instruction.NearBranch32 = (uint)target;
                return true;
            case OpCodeOperandKind.br64_1 or OpCodeOperandKind.br64_4:
                instruction.SetOpKind(operand, OpKind.NearBranch64);
                instruction.NearBranch64 = target;
                return true;
            case OpCodeOperandKind.farbr2_2:
                instruction.SetOpKind(operand, OpKind.FarBranch16);
                instruction.FarBranch16 = (ushort)GuestLayout.TargetOf(16);
                instruction.FarBranchSelector = GuestLayout.Code16;
                return true;
            case OpCodeOperandKind.farbr4_2:
                instruction.SetOpKind(operand, OpKind.FarBranch32);
                instruction.FarBranch32 = (uint)GuestLayout.TargetOf(32);
                instruction.FarBranchSelector = GuestLayout.Code32;
                return true;
            default:
                return false;
        }
    }

    private static bool SetString(ref Instruction instruction, int operand, OpCodeOperandKind kind, int bits)
    {
        OpKind? found = kind switch
        {
            OpCodeOperandKind.seg_rSI => bits switch { 16 => OpKind.MemorySegSI, 32 => OpKind.MemorySegESI, _ => OpKind.MemorySegRSI },
            OpCodeOperandKind.seg_rDI => bits switch { 16 => OpKind.MemorySegDI, 32 => OpKind.MemorySegEDI, _ => OpKind.MemorySegRDI },
            OpCodeOperandKind.es_rDI => bits switch { 16 => OpKind.MemoryESDI, 32 => OpKind.MemoryESEDI, _ => OpKind.MemoryESRDI },
            _ => null,
        };
        if (found is { } memory)
            instruction.SetOpKind(operand, memory);
        return found is not null;
    }

    // The first operand is CX, XMM1, MM1 or ST(1), the second DX and so on: no two share a register.
    private static void SetRegister(ref Instruction instruction, int operand, OpCodeOperandKind kind)
    {
        var number = operand + 1;
        var register = kind switch
        {
            OpCodeOperandKind.r16_reg_mem => Register.DI,
            OpCodeOperandKind.r32_reg_mem => Register.EDI,
            OpCodeOperandKind.r64_reg_mem => Register.RDI,
            OpCodeOperandKind.es => Register.ES,
            OpCodeOperandKind.cs => Register.CS,
            OpCodeOperandKind.ss => Register.SS,
            OpCodeOperandKind.ds or OpCodeOperandKind.seg_reg => Register.DS,
            OpCodeOperandKind.fs => Register.FS,
            OpCodeOperandKind.gs => Register.GS,
            OpCodeOperandKind.al => Register.AL,
            OpCodeOperandKind.cl => Register.CL,
            OpCodeOperandKind.ax => Register.AX,
            OpCodeOperandKind.dx => Register.DX,
            OpCodeOperandKind.eax => Register.EAX,
            OpCodeOperandKind.rax => Register.RAX,
            OpCodeOperandKind.st0 => Register.ST0,
            OpCodeOperandKind.sti_opcode => Register.ST0 + 1,
            OpCodeOperandKind.cr_reg => Register.CR2,
            OpCodeOperandKind.dr_reg => Register.DR2,
            _ => kind.ToString().Split('_')[0] switch
            {
                "r8" => Register.AL + number,
                "r16" => Register.AX + number,
                "r32" => Register.EAX + number,
                "r64" => Register.RAX + number,
                "mm" => Register.MM0 + number,
                "xmm" => Register.XMM0 + number,
                "ymm" => Register.YMM0 + number,
                var other => throw new InvalidOperationException($"{instruction.Code} has an operand of the kind {other}, which no rule covers."),
            },
        };
        instruction.SetOpKind(operand, OpKind.Register);
        instruction.SetOpRegister(operand, register);
    }
}
