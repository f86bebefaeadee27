using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>Caches and TLBs: INVLPG, INVPCID, INVD, WBINVD, WBNOINVD, CLFLUSH, CLFLUSHOPT, CLWB. Caches are coherent and have nothing to write back.</summary>
internal static unsafe class CacheInstructions
{
    private const ulong PcidMask = 0xFFF;

    public static void Register(HandlerTable table)
    {
        table.Add(Code.Invlpg_m, null, &InvalidatePage);
        table.Add(Code.Invpcid_r32_m128, null, &InvalidateContext<uint>);
        table.Add(Code.Invpcid_r64_m128, null, &InvalidateContext<ulong>);
        table.Add(Code.Invd, &FlushCaches);
        table.Add(Code.Wbinvd, &FlushCaches);
        table.Add(Code.Wbnoinvd, &FlushCaches);
        table.Add(Code.Clflush_m8, null, &FlushLine);
        table.Add(Code.Clflushopt_m8, null, &FlushLine);
        table.Add(Code.Clwb_m8, null, &FlushLine);
    }

    private static Status InvalidatePage(Vcpu cpu, Op* op)
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseGeneralProtection();
        Vcpu.Serialize();
        cpu.FlushTlbPage(cpu.UncheckedLinear(op));
        return cpu.GoOn(op);
    }

    // Types: one address of one PCID, all of one PCID, all, all but global pages. The TLB has no PCIDs.
    private static Status InvalidateContext<T>(Vcpu cpu, Op* op) where T : unmanaged
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseGeneralProtection();
        if (!cpu.Read(op, out UInt128 descriptor))
            return cpu.FaultOrExit;
        var type = sizeof(T) == 4 ? cpu.Reg<uint>(op->Reg0) : cpu.R64(op->Reg0);
        var (pcid, linear) = ((ulong)descriptor, (ulong)(descriptor >> 64));
        var hasPcids = (cpu.Cr4 & Cr4Bits.Pcid) != 0;
        if (type > 3 || (pcid & ~PcidMask) != 0 || (type < 2 && pcid != 0 && !hasPcids) || (type == 0 && !cpu.IsCanonical(linear)))
            return cpu.RaiseGeneralProtection();
        Vcpu.Serialize();
        if (type == 0)
            cpu.FlushTlbPage(linear);
        else
            cpu.FlushTlb(type == 2 ? TlbFlush.All : TlbFlush.AllButGlobal);
        return cpu.GoOn(op);
    }

    private static Status FlushCaches(Vcpu cpu, Op* op)
    {
        if (cpu.Cpl != 0)
            return cpu.RaiseGeneralProtection();
        Vcpu.Serialize();
        return Status.Next;
    }

    // Checked like a load of one byte.
    private static Status FlushLine(Vcpu cpu, Op* op) => cpu.CheckRead(op) ? Status.Next : cpu.FaultOrExit;
}
