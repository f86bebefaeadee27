using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Flags;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>CLC, STC, CMC, CLD, STD, and all that does nothing: NOP in its forms.</summary>
internal static unsafe class CarryAndNopInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Clc, &Clc);
        table.Add(Code.Stc, &Stc);
        table.Add(Code.Cmc, &Cmc);
        table.Add(Code.Cld, &Cld);
        table.Add(Code.Std, &Std);
        table.Add(Code.Nopw, &Nop);
        table.Add(Code.Nopd, &Nop);
        table.Add(Code.Nopq, &Nop);
        // Operands of these are not accessed (SDM 2B NOP).
        table.Add(Code.Nop_rm16, &Nop);
        table.Add(Code.Nop_rm32, &Nop);
        table.Add(Code.Nop_rm64, &Nop);
        for (var code = Code.Reservednop_rm16_r16_0F0D; code <= Code.Reservednop_rm64_r64_0F0D; code++)
            table.Add(code, &PrefetchOfRegister, &Nop);
        for (var code = Code.Reservednop_rm16_r16_0F18; code <= Code.Reservednop_rm64_r64_0F1F; code++)
            table.Add(code, &Nop);
    }

    private static Status Nop(Vcpu cpu, Op* op) => Status.Next;

    // Opcode 0F 0D is AMD's PREFETCH and PREFETCHW, which take no register (APM 3 PREFETCHlevel); Intel reserves it as a NOP.
    private static Status PrefetchOfRegister(Vcpu cpu, Op* op) => cpu.Features.IsAmd ? cpu.RaiseInvalidOpcode() : Status.Next;

    private static Status Clc(Vcpu cpu, Op* op)
    {
        cpu.CF = false;
        return Status.Next;
    }

    private static Status Stc(Vcpu cpu, Op* op)
    {
        cpu.CF = true;
        return Status.Next;
    }

    private static Status Cmc(Vcpu cpu, Op* op)
    {
        cpu.CF = !cpu.CF;
        return Status.Next;
    }

    private static Status Cld(Vcpu cpu, Op* op)
    {
        cpu.OtherFlags &= ~Rflags.Direction;
        return Status.Next;
    }

    private static Status Std(Vcpu cpu, Op* op)
    {
        cpu.OtherFlags |= Rflags.Direction;
        return Status.Next;
    }
}
