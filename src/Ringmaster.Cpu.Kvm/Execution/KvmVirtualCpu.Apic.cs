using Ringmaster.Cpu.Interrupts;
using Ringmaster.Cpu.State;
using Ringmaster.Host;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <content>
/// The local APIC, where the kernel has it. The kernel then knows what the vCPU does, too: HLT, INIT and start-up IPIs are its own.
/// </content>
internal sealed unsafe partial class KvmVirtualCpu : IVirtualApic
{
    private const uint TscDeadlineMsr = 0x6E0;

    // SDM 3A figure 11-23, bit 12: EOI-broadcast suppression.
    private const int SpuriousVector = 0xF;
    private const uint KeepsEoiToItself = 1 << 12;

    /// <inheritdoc/>
    IVirtualApic? IVirtualCpu.Apic => _hasApic ? this : null;

    /// <summary>What the vCPU does. Of a shutdown the kernel does not know.</summary>
    private ActivityState ApicActivity
    {
        get => _activity == ActivityState.Shutdown ? ActivityState.Shutdown : _vcpu.Activity switch
        {
            KvmActivity.Halted => ActivityState.Halted,
            KvmActivity.WaitsForInit or KvmActivity.WaitsForStartup => ActivityState.WaitForStartup,
            _ => ActivityState.Running,
        };
        set
        {
            _vcpu.Activity = value switch
            {
                ActivityState.Halted => KvmActivity.Halted,
                ActivityState.WaitForStartup => KvmActivity.WaitsForStartup,
                _ => KvmActivity.Running,
            };
            _activity = value == ActivityState.Shutdown ? ActivityState.Shutdown : ActivityState.Running;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="KvmException">The kernel refuses the state.</exception>
    void IVirtualApic.Import(ApicRegisters registers)
    {
        ArgumentNullException.ThrowIfNull(registers);
        if (_guest.Fabric!.Controllers is not null && (registers.Page[SpuriousVector] & KeepsEoiToItself) != 0)
        {
            throw new KvmException($"vCPU {Index} ends level-triggered interrupts at the I/O APIC alone, which the kernel's cannot be told. "
                + "Choose irqchip=split.");
        }
        try
        {
            // Deadlines are times of the guest's counter, so that has to be right first.
            FollowClock();
            var special = _vcpu.SpecialRegisters;
            if (special.ApicBase != registers.Base)
            {
                special.ApicBase = registers.Base;
                _vcpu.SpecialRegisters = special;
            }
            var page = new KvmApicPage();
            for (var i = 0; i < ApicRegisters.Count; i++)
                page[i] = registers.Page[i];
            _vcpu.ApicPage = page;
            Span<KvmMsr> deadline = [new KvmMsr { Index = TscDeadlineMsr, Value = registers.TscDeadline }];
            if (registers.TscDeadline != 0 && _vcpu.SetMsrs(deadline) != 1)
                throw new KvmException($"The kernel refuses {registers.TscDeadline:X} as time-stamp deadline of vCPU {Index}.");
        }
        catch (LinuxException error)
        {
            throw new KvmException($"The kernel refuses the state of the local APIC of vCPU {Index}: {error.Message}.", error);
        }
        // Whether the APIC lets an interrupt of the 8259 through, the kernel says when it comes back.
        Enter(returnsAtOnce: true);
    }

    /// <inheritdoc/>
    ApicRegisters IVirtualApic.Export()
    {
        // An INIT that waits changes the APIC, too.
        _ = _vcpu.Activity;
        // The deadline before the page: should the timer expire in between, its interrupt comes twice rather than never.
        Span<KvmMsr> deadline = [new KvmMsr { Index = TscDeadlineMsr }];
        var registers = new ApicRegisters { TscDeadline = _vcpu.GetMsrs(deadline) == 1 ? deadline[0].Value : 0 };
        var page = _vcpu.ApicPage;
        for (var i = 0; i < ApicRegisters.Count; i++)
            registers.Page[i] = page[i];
        registers.Base = _vcpu.SpecialRegisters.ApicBase;
        return registers;
    }

    /// <summary>
    /// Begins the delivery of an interrupt that the 8259 has given. KVM_INTERRUPT would do, but what it leaves is in no state that the
    /// kernel tells until the guest has been entered.
    /// </summary>
    private void DeliverInterrupt(byte vector)
    {
        if (_vcpu.Activity == KvmActivity.Halted)
            _vcpu.Activity = KvmActivity.Running;
        var events = _vcpu.Events;
        events.InterruptInjected = 1;
        events.InterruptVector = vector;
        events.InterruptIsSoft = 0;
        // The rest stays as it is.
        events.Flags = 0;
        _vcpu.Events = events;
    }
}
