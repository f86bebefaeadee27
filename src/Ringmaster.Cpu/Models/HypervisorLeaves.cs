using System.Text;

namespace Ringmaster.Cpu.Models;

/// <summary>The leaves from 4000_0000 on, which processors leave to hypervisors.</summary>
internal static class HypervisorLeaves
{
    private const string OwnSignature = "RINGMASTER  ";

    /// <summary>Guests look for KVM's interfaces by this signature alone, so it stands here only when some are offered.</summary>
    private const string KvmSignature = "KVMKVMKVM\0\0\0";

    public static void Add(CpuidEntries entries, CpuFeatureSet features, ClockRates clocks)
    {
        var signature = Encoding.ASCII.GetBytes(features.Any(f => f.Leaf == 0x4000_0001) ? KvmSignature : OwnSignature);
        entries.Add(0x4000_0000, 0, new(0x4000_0010,
            BitConverter.ToUInt32(signature, 0), BitConverter.ToUInt32(signature, 4), BitConverter.ToUInt32(signature, 8)));
        // The timing leaf that VMware introduced: TSC and local APIC timer in kHz.
        entries.Add(0x4000_0010, 0, new((uint)(clocks.TscHertz / 1000), (uint)(clocks.ApicTimerHertz / 1000), 0, 0));
    }
}
