using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Control;

/// <summary>Fences and prefetches.</summary>
internal static unsafe class ControlInstructions
{
    public static void Register(HandlerTable table)
    {
        foreach (var code in s_fences)
            table.Add(code, &Fence, null);
        foreach (var code in s_loadFences)
            table.Add(code, &Nothing, null);
        foreach (var code in s_prefetches)
            table.Add(code, null, &Nothing);
    }

    private static readonly Code[] s_fences =
    [
        Code.Mfence, Code.Mfence_F1, Code.Mfence_F2, Code.Mfence_F3, Code.Mfence_F4, Code.Mfence_F5, Code.Mfence_F6, Code.Mfence_F7,
        Code.Sfence, Code.Sfence_F9, Code.Sfence_FA, Code.Sfence_FB, Code.Sfence_FC, Code.Sfence_FD, Code.Sfence_FE, Code.Sfence_FF,
    ];

    private static readonly Code[] s_loadFences =
    [
        Code.Lfence, Code.Lfence_E9, Code.Lfence_EA, Code.Lfence_EB, Code.Lfence_EC, Code.Lfence_ED, Code.Lfence_EE, Code.Lfence_EF,
    ];

    private static readonly Code[] s_prefetches =
    [
        Code.Prefetch_m8, Code.Prefetchw_m8, Code.Prefetchnta_m8, Code.Prefetcht0_m8, Code.Prefetcht1_m8, Code.Prefetcht2_m8,
        Code.Prefetchreserved3_m8, Code.Prefetchreserved4_m8, Code.Prefetchreserved5_m8, Code.Prefetchreserved6_m8,
        Code.Prefetchreserved7_m8,
    ];

    // Other vCPUs are other host threads.
    private static Status Fence(Vcpu cpu, Op* op)
    {
        Interlocked.MemoryBarrier();
        return Status.Next;
    }

    // A prefetch translates nothing that would raise a fault; loads are never reordered here.
    private static Status Nothing(Vcpu cpu, Op* op) => Status.Next;
}
