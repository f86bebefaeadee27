using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.State;

/// <summary>
/// Registers by which a guest uses interfaces of its hypervisor (KVM: Linux, Documentation/virt/kvm/x86/msr.rst; Hyper-V: TLFS, appendix
/// on MSRs). They are zero, and have no other value, with an engine that offers none; see <see cref="ParavirtualRegister"/>.
/// </summary>
public struct ParavirtualState
{
    /// <summary>KVM's wall clock (4B56_4D00).</summary>
    public ulong KvmWallClock;

    /// <summary>KVM's clock page (4B56_4D01).</summary>
    public ulong KvmSystemTime;

    /// <summary>KVM's page for stolen time and deferred TLB flushes (4B56_4D03).</summary>
    public ulong KvmStealTime;

    /// <summary>KVM's flag in memory that spares the guest an EOI (4B56_4D04).</summary>
    public ulong KvmEoi;

    /// <summary>Hyper-V: what the guest says that it is (4000_0000).</summary>
    public ulong HyperVGuestId;

    /// <summary>Hyper-V: the hypercall page (4000_0001).</summary>
    public ulong HyperVHypercall;

    /// <summary>Hyper-V: the page by which the guest computes time from its time-stamp counter (4000_0021).</summary>
    public ulong HyperVReferenceTsc;

    /// <summary>Hyper-V: the virtual processor's assist page (4000_0073).</summary>
    public ulong HyperVAssistPage;

    /// <summary>Hyper-V: whether the synthetic interrupt controller is on (4000_0080).</summary>
    public ulong HyperVSynicControl;

    /// <summary>Hyper-V: the page of event flags (4000_0082).</summary>
    public ulong HyperVEventFlags;

    /// <summary>Hyper-V: the page of messages (4000_0083).</summary>
    public ulong HyperVMessages;

    /// <summary>Hyper-V: where the sixteen synthetic interrupts go (4000_0090 to 4000_009F).</summary>
    public SyntheticInterrupts HyperVInterrupts;

    /// <summary>Hyper-V: configuration and count of the four synthetic timers (4000_00B0 to 4000_00B7).</summary>
    public SyntheticTimers HyperVTimers;

    /// <summary>Sixteen registers.</summary>
    [InlineArray(16)]
    public struct SyntheticInterrupts
    {
        private ulong _register;
    }

    /// <summary>Four pairs of configuration and count.</summary>
    [InlineArray(8)]
    public struct SyntheticTimers
    {
        private ulong _register;
    }
}
