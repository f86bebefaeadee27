using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <content>Interfaces for guests that know their hypervisor.</content>
public sealed unsafe partial class KvmVcpu
{
    /// <summary>Switches something of this vCPU's on.</summary>
    /// <param name="capability">What.</param>
    /// <param name="argument">As api.rst says for it.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Enable(KvmCapability capability, ulong argument)
    {
        var request = new KvmVm.CapabilityRequest { Capability = (uint)capability };
        request.Arguments[0] = argument;
        Ask(KvmRequest.EnableCapability, ref request, $"KVM_ENABLE_CAP {capability}");
    }

    /// <summary>
    /// Lets the guest know, by its clock page, that it has stood still, so that it does not take that for a processor that hangs (api.rst,
    /// KVM_KVMCLOCK_CTRL). Nothing happens as long as it has no such page.
    /// </summary>
    public void TellThatItStoodStill() => _ = Try(KvmRequest.ClockControl, 0);
}
