using System.Text;

namespace Ringmaster.Cpu.Models;

/// <summary>The leaves from 4000_0000 on, which processors leave to hypervisors. The feature bits in them are there already.</summary>
internal static class HypervisorLeaves
{
    private const string OwnSignature = "RINGMASTER  ";

    /// <summary>Guests look for KVM's interfaces by this signature alone, so it stands here only when some are offered.</summary>
    private const string KvmSignature = "KVMKVMKVM\0\0\0";

    private const string HyperVSignature = "Microsoft Hv";

    /// <summary>Leaf 4000_0001 of Hyper-V's interface: "Hv#1" (TLFS 2.4.2).</summary>
    private const uint HyperVInterface = 0x3123_7648;

    public static void Add(CpuidEntries entries, CpuFeatureSet features, ClockRates clocks)
    {
        var known = features.Select(f => f.Paravirtual).FirstOrDefault(i => i is not null);
        if (known == ParavirtualInterface.HyperV)
        {
            AddHyperV(entries);
            return;
        }
        AddSignature(entries, known == ParavirtualInterface.Kvm ? KvmSignature : OwnSignature, 0x4000_0010);
        // The timing leaf that VMware introduced: TSC and local APIC timer in kHz.
        entries.Add(0x4000_0010, 0, new((uint)(clocks.TscHertz / 1000), (uint)(clocks.ApicTimerHertz / 1000), 0, 0));
    }

    /// <summary>What a table's leaves say that the guest's hypervisor is.</summary>
    public static ParavirtualInterface? InterfaceOf(CpuidTable table)
    {
        var leaf = table[0x4000_0000, 0];
        return Is(KvmSignature) ? ParavirtualInterface.Kvm : Is(HyperVSignature) ? ParavirtualInterface.HyperV : null;

        bool Is(string signature) => (leaf.Ebx, leaf.Ecx, leaf.Edx) == Words(signature);
    }

    private static void AddHyperV(CpuidEntries entries)
    {
        AddSignature(entries, HyperVSignature, 0x4000_000A);
        entries.Add(0x4000_0001, 0, new(HyperVInterface, 0, 0, 0));
        // The version that KVM's interfaces are like: 10.0, build 14393, Windows Server 2016's.
        entries.Add(0x4000_0002, 0, new(14393, 10 << 16, 0, 0));
        // Spinning is never reported (TLFS 2.4.4).
        entries.Add(0x4000_0004, 0, new(0, 0xFFFF_FFFF, 0, 0));
        // Most virtual and logical processors, of which more than a machine has.
        entries.Add(0x4000_0005, 0, new(64, 64, 0, 0));
    }

    private static void AddSignature(CpuidEntries entries, string signature, uint highest)
    {
        var (ebx, ecx, edx) = Words(signature);
        entries.Add(0x4000_0000, 0, new(highest, ebx, ecx, edx));
    }

    private static (uint Ebx, uint Ecx, uint Edx) Words(string signature)
    {
        var bytes = Encoding.ASCII.GetBytes(signature);
        return (BitConverter.ToUInt32(bytes, 0), BitConverter.ToUInt32(bytes, 4), BitConverter.ToUInt32(bytes, 8));
    }
}
