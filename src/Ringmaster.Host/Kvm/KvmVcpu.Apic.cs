namespace Ringmaster.Host.Kvm;

/// <content>The local APIC, where the kernel has it.</content>
public sealed unsafe partial class KvmVcpu
{
    /// <summary>struct kvm_lapic_state. The identifier in it is that of the mode which IA32_APIC_BASE says.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public KvmApicPage ApicPage
    {
        get => Get<KvmApicPage>(KvmRequest.GetLocalApic, "KVM_GET_LAPIC");
        set => Ask(KvmRequest.SetLocalApic, ref value, "KVM_SET_LAPIC");
    }

    /// <summary>What the vCPU does. Reading it carries out an INIT or a start-up IPI that waits.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public KvmActivity Activity
    {
        get => (KvmActivity)Get<uint>(KvmRequest.GetActivity, "KVM_GET_MP_STATE");
        set
        {
            var number = (uint)value;
            Ask(KvmRequest.SetActivity, ref number, "KVM_SET_MP_STATE");
        }
    }
}
