namespace Ringmaster.Host.Kvm;

/// <content>Interfaces for guests that know their hypervisor.</content>
public sealed unsafe partial class KvmVcpu
{
    /// <summary>
    /// Lets the guest know, by its clock page, that it has stood still, so that it does not take that for a processor that hangs (api.rst,
    /// KVM_KVMCLOCK_CTRL). Nothing happens as long as it has no such page.
    /// </summary>
    public void TellThatItStoodStill() => _ = Try(KvmRequest.ClockControl, 0);
}
