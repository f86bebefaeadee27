using Ringmaster.Cpu.Models;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <content>Interfaces for guests that know their hypervisor; the kernel carries them out.</content>
internal sealed unsafe partial class KvmVirtualCpu
{
    private static readonly CpuFeature s_kvmClock = CpuFeatureCatalog.Get("kvmclock"), s_hyperVClock = CpuFeatureCatalog.Get("hv-time-ref-count"),
        s_hyperV = CpuFeatureCatalog.Get("hv-hypercall"), s_synic = CpuFeatureCatalog.Get("hv-synic");

    /// <summary>The clock that the guest sees by them; null where its CPU model has none.</summary>
    private readonly GuestClock? _guestClock;

    private long? _toldEpoch;

    /// <summary>Sees to it that the guest finds what its CPUID announces, and nothing else.</summary>
    private static GuestClock? SetParavirtual(KvmGuest guest, KvmVcpu vcpu, CpuidTable cpuid)
    {
        vcpu.Enable(KvmCapability.EnforceParavirtualCpuid, 1);
        if (cpuid.Has(s_hyperV) && guest.CanEnforceHyperV)
            vcpu.Enable(KvmCapability.EnforceHyperVCpuid, 1);
        if (cpuid.Has(s_synic))
            vcpu.Enable(KvmCapability.HyperVSynic, 0);
        return cpuid.Has(s_kvmClock) || cpuid.Has(s_hyperVClock) ? guest.Clock : null;
    }

    /// <summary>The guest is about to be entered; if it has stood still meanwhile, it is told.</summary>
    private void FollowGuestClock(long epoch)
    {
        if (_guestClock is null || _toldEpoch == epoch)
            return;
        _guestClock.Follow(_tsc, epoch);
        _vcpu.TellThatItStoodStill();
        _toldEpoch = epoch;
    }
}
