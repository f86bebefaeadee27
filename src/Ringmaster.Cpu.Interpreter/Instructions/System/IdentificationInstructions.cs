using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>CPUID, the counters, protection-key rights.</summary>
internal static unsafe class IdentificationInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Cpuid, &Identify);
        table.Add(Code.Rdtsc, &ReadTimeStamp);
        table.Add(Code.Rdtscp, &ReadTimeStampAndProcessor);
        table.Add(Code.Rdpid_r32, &ReadProcessor);
        table.Add(Code.Rdpid_r64, &ReadProcessor);
        table.Add(Code.Rdpmc, &ReadCounter);
        table.Add(Code.Rdpkru, &ReadKeys);
        table.Add(Code.Wrpkru, &WriteKeys);
    }

    private static Status Identify(Vcpu cpu, Op* op)
    {
        Vcpu.Serialize();
        var result = cpu.Identify(cpu.Reg<uint>(RegisterFile.Rax), cpu.Reg<uint>(RegisterFile.Rcx));
        cpu.R64(RegisterFile.Rax) = result.Eax;
        cpu.R64(RegisterFile.Rbx) = result.Ebx;
        cpu.R64(RegisterFile.Rcx) = result.Ecx;
        cpu.R64(RegisterFile.Rdx) = result.Edx;
        return Status.Next;
    }

    private static Status ReadTimeStamp(Vcpu cpu, Op* op)
    {
        if (!cpu.MayReadTimeStamp)
            return cpu.RaiseGeneralProtection();
        SetPair(cpu, cpu.TimeStamp);
        return Status.Next;
    }

    private static Status ReadTimeStampAndProcessor(Vcpu cpu, Op* op)
    {
        if (!cpu.MayReadTimeStamp)
            return cpu.RaiseGeneralProtection();
        SetPair(cpu, cpu.TimeStamp);
        cpu.R64(RegisterFile.Rcx) = (uint)cpu.Msr.TscAux;
        return Status.Next;
    }

    private static Status ReadProcessor(Vcpu cpu, Op* op)
    {
        cpu.R64(op->Reg0) = (uint)cpu.Msr.TscAux;
        return Status.Next;
    }

    // AMD processors always have four counters (APM 2 13.2.1); the CPU models of Intel processors announce none. They stand still.
    private static Status ReadCounter(Vcpu cpu, Op* op)
    {
        var mayRead = cpu.Cpl == 0 || (cpu.Cr4 & Cr4Bits.PerformanceCounter) != 0;
        if (!mayRead || !cpu.Features.IsAmd || cpu.Reg<uint>(RegisterFile.Rcx) >= 4)
            return cpu.RaiseGeneralProtection();
        SetPair(cpu, 0);
        return Status.Next;
    }

    private static Status ReadKeys(Vcpu cpu, Op* op)
    {
        if ((cpu.Cr4 & Cr4Bits.ProtectionKeys) == 0)
            return cpu.RaiseInvalidOpcode();
        if (cpu.Reg<uint>(RegisterFile.Rcx) != 0)
            return cpu.RaiseGeneralProtection();
        SetPair(cpu, cpu.Pkru);
        return Status.Next;
    }

    private static Status WriteKeys(Vcpu cpu, Op* op)
    {
        if ((cpu.Cr4 & Cr4Bits.ProtectionKeys) == 0)
            return cpu.RaiseInvalidOpcode();
        if ((cpu.Reg<uint>(RegisterFile.Rcx) | cpu.Reg<uint>(RegisterFile.Rdx)) != 0)
            return cpu.RaiseGeneralProtection();
        var rights = cpu.Reg<uint>(RegisterFile.Rax);
        if (rights == cpu.Pkru)
            return Status.Next;
        cpu.Pkru = rights;
        // TLB entries hold what the old rights allowed.
        cpu.FlushTlb(TlbFlush.All);
        return cpu.GoOn(op);
    }

    private static void SetPair(Vcpu cpu, ulong value)
    {
        cpu.R64(RegisterFile.Rax) = (uint)value;
        cpu.R64(RegisterFile.Rdx) = value >> 32;
    }
}
