using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>Turns an instruction's operands and prefixes into an operation's fields.</summary>
internal static unsafe class OperandDecoder
{
    /// <summary>Fills in an operation's operands and flags; all its other fields are set.</summary>
    public static void Fill(Op* op, in Instruction instruction, int codeSize)
    {
        var flags = codeSize == 2 ? OpFlags.LongMode : OpFlags.None;
        if (instruction.HasLockPrefix)
            flags |= OpFlags.Lock;
        if (instruction.HasRepPrefix)
            flags |= OpFlags.Rep;
        if (instruction.HasRepnePrefix)
            flags |= OpFlags.Repne;

        for (var i = 0; i < instruction.OpCount; i++)
        {
            var kind = instruction.GetOpKind(i);
            switch (kind)
            {
                case OpKind.Register:
                    SetRegister(op, i, Encode(instruction.GetOpRegister(i)));
                    break;
                case OpKind.NearBranch16:
                    op->Immediate = instruction.NearBranchTarget;
                    flags |= OpFlags.Operand16;
                    break;
                case OpKind.NearBranch32 or OpKind.NearBranch64:
                    op->Immediate = instruction.NearBranchTarget;
                    break;
                case OpKind.FarBranch16:
                    op->Immediate = instruction.FarBranch16 | ((ulong)instruction.FarBranchSelector << 32);
                    break;
                case OpKind.FarBranch32:
                    op->Immediate = instruction.FarBranch32 | ((ulong)instruction.FarBranchSelector << 32);
                    break;
                case OpKind.Immediate8_2nd:
                    op->Immediate |= (ulong)instruction.Immediate8_2nd << 32;
                    break;
                case OpKind.Memory:
                    flags |= FillMemory(op, instruction, codeSize) | OpFlags.HasMemory;
                    break;
                case OpKind.MemorySegSI or OpKind.MemorySegDI or OpKind.MemoryESDI:
                    flags |= OpFlags.Address16;
                    SetStringSegment(op, instruction, kind, codeSize);
                    break;
                case OpKind.MemorySegESI or OpKind.MemorySegEDI or OpKind.MemoryESEDI:
                    flags |= OpFlags.Address32;
                    SetStringSegment(op, instruction, kind, codeSize);
                    break;
                case OpKind.MemorySegRSI or OpKind.MemorySegRDI or OpKind.MemoryESRDI:
                    flags |= OpFlags.Flat;
                    SetStringSegment(op, instruction, kind, codeSize);
                    break;
                default:
                    op->Immediate |= instruction.GetImmediate(i);
                    break;
            }
        }
        // MONITOR and CLZERO take their address from rAX.
        if (instruction.OpCount == 0 && instruction.SegmentPrefix != Register.None)
            op->Segment = (byte)(instruction.SegmentPrefix - Register.ES);
        op->Flags = flags;
    }

    /// <summary>How an operation names a register: byte offset for general registers, index for all others.</summary>
    public static byte Encode(Register register)
    {
        if (register.IsGPR8())
        {
            // AH, CH, DH, BH are the second bytes of the first four registers.
            return register is >= Register.AH and <= Register.BH
                ? (byte)((register - Register.AH) * 8 + 1)
                : (byte)(register.GetFullRegister().GetNumber() * 8);
        }
        if (register.IsGPR())
            return (byte)(register.GetNumber() * 8);
        return register switch
        {
            Register.None => RegisterFile.Zero,
            Register.RIP or Register.EIP => RegisterFile.BlockRip,
            _ => (byte)register.GetNumber(),
        };
    }

    private static OpFlags FillMemory(Op* op, in Instruction instruction, int codeSize)
    {
        op->Base = Encode(instruction.MemoryBase);
        op->Index = Encode(instruction.MemoryIndex);
        op->Scale = (byte)System.Numerics.BitOperations.Log2((uint)instruction.MemoryIndexScale);
        op->Displacement = instruction.MemoryDisplacement64;
        op->Segment = codeSize == 2 ? SegmentOf64BitMode(instruction) : (byte)(instruction.MemorySegment - Register.ES);
        return AddressBits(instruction, codeSize) switch
        {
            16 => OpFlags.Address16,
            32 => OpFlags.Address32,
            _ => OpFlags.Flat,
        };
    }

    // Prefixes that name ES, CS, SS or DS have no effect in 64-bit mode, not even on which fault is raised (APM 1 2.1.4.4, SDM 1 3.4.2.1).
    private static byte SegmentOf64BitMode(in Instruction instruction)
    {
        if (instruction.MemorySegment is Register.FS or Register.GS)
            return (byte)(instruction.MemorySegment - Register.ES);
        return instruction.MemoryBase is Register.RSP or Register.RBP or Register.ESP or Register.EBP ? (byte)SegmentIndex.Ss : (byte)SegmentIndex.Ds;
    }

    private static int AddressBits(in Instruction instruction, int codeSize)
    {
        var register = instruction.MemoryBase != Register.None ? instruction.MemoryBase
            : instruction.MemoryIndex.IsGPR() ? instruction.MemoryIndex : Register.None;
        if (register.IsGPR16())
            return 16;
        if (register.IsGPR32() || register == Register.EIP)
            return 32;
        if (register != Register.None)
            return 64;
        return instruction.MemoryDisplSize switch
        {
            2 => 16,
            4 => 32,
            8 => 64,
            _ => codeSize switch { 0 => 16, 1 => 32, _ => 64 },
        };
    }

    // With two memory operands (MOVS, CMPS) the segment is that of the source; the other is always ES.
    private static void SetStringSegment(Op* op, in Instruction instruction, OpKind kind, int codeSize)
    {
        if (kind is not (OpKind.MemoryESDI or OpKind.MemoryESEDI or OpKind.MemoryESRDI))
            op->Segment = codeSize == 2 ? SegmentOf64BitMode(instruction) : (byte)(instruction.MemorySegment - Register.ES);
    }

    private static void SetRegister(Op* op, int operand, byte register)
    {
        switch (operand)
        {
            case 0:
                op->Reg0 = register;
                break;
            case 1:
                op->Reg1 = register;
                break;
            case 2:
                op->Reg2 = register;
                break;
            default:
                op->Reg3 = register;
                break;
        }
    }
}
