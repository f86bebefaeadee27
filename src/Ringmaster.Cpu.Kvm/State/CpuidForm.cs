using Ringmaster.Cpu.Models;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.State;

/// <summary>A model's CPUID in the kernel's form. Bits that follow the vCPU's state are the kernel's to fill in.</summary>
internal static class CpuidForm
{
    /// <summary>The entries, by leaf and subleaf.</summary>
    public static KvmCpuidEntry[] ToKvm(CpuidTable table) =>
    [
        .. from entry in table.Entries
           orderby entry.Key.Leaf, entry.Key.Subleaf
           select new KvmCpuidEntry
           {
               Leaf = entry.Key.Leaf,
               Subleaf = entry.Key.Subleaf,
               Flags = CpuidTable.ReadsEcx(entry.Key.Leaf) ? KvmCpuidEntry.HasSubleaves : 0,
               Eax = entry.Value.Eax,
               Ebx = entry.Value.Ebx,
               Ecx = entry.Value.Ecx,
               Edx = entry.Value.Edx,
           },
    ];
}
