using Ringmaster.Cpu.Kvm.State;
using Ringmaster.Cpu.State;
using Ringmaster.Host;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <content>Exchange with the canonical state.</content>
internal sealed unsafe partial class KvmVirtualCpu
{
    private const ulong InterruptsEnabled = 0x200, LongModeActive = 1 << 10, Paging = 1UL << 31, PhysicalAddressExtension = 1 << 5;

    /// <summary>Registers that the CPU model or the host lacks, as they were taken on: nothing changes them.</summary>
    private MsrState _others;

    /// <inheritdoc/>
    public void Export(CpuState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (_mustComplete)
            throw new InvalidOperationException("The vCPU's last exit has not been answered; settle it before exporting its state.");
        // First, because this may carry out an INIT that waits.
        state.Activity = _hasApic ? ApicActivity : _activity;
        var registers = _vcpu.Registers;
        for (var i = 0; i < 16; i++)
            state.Registers[GeneralOrder.EncodingAt(i)] = registers.General[i];
        (state.Rip, state.Rflags) = (registers.Rip, registers.Rflags);
        Export(_vcpu.SpecialRegisters, state);
        state.Msr = _others with { Efer = state.Msr.Efer };
        _msrs.Export(_vcpu, state);
        TakeOwnOffset();
        state.Msr.TscOffset = _ownOffset;
        state.Xcr0 = _vcpu.Xcr0;
        _vcpu.GetXsave();
        _extended.Read(_vcpu.Xsave, state);
        var debug = _vcpu.DebugRegisters;
        (state.Dr0, state.Dr1, state.Dr2, state.Dr3, state.Dr6, state.Dr7) = (debug.Dr0, debug.Dr1, debug.Dr2, debug.Dr3, debug.Dr6, debug.Dr7);
        EventForm.ToCanonical(_vcpu.Events, state);
        state.NmiPending |= _nmiLatched;
    }

    /// <inheritdoc/>
    /// <exception cref="StateRefusedException">The guest uses an interface for guests that its CPU model lacks here.</exception>
    /// <exception cref="KvmException">The kernel refuses the state: a processor cannot have it, or not on this host.</exception>
    public void Import(CpuState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        try
        {
            DropExit();
            _guest.FollowMemory();
            ImportRegisters(state);
        }
        catch (LinuxException error)
        {
            throw new KvmException($"The kernel refuses the state of vCPU {Index}: {error.Message}.", error);
        }
        _others = state.Msr;
        _ownOffset = state.Msr.TscOffset;
        _epoch = null;
        _activity = state.Activity;
        if (_hasApic)
            ApicActivity = state.Activity;
        _nmiLatched = false;
        Failure = null;
        _canTakeInterrupt = !_hasApic && (state.Rflags & InterruptsEnabled) != 0 && !state.StiShadow && !state.MovSsShadow && state.Pending is null;
    }

    /// <summary>Has the kernel finish an instruction whose exit is not to be answered any more: what it does is about to be overwritten.</summary>
    private void DropExit()
    {
        while (_mustComplete)
        {
            _awaitsAnswer = false;
            if (Enter(returnsAtOnce: true) && _area->ExitReason is KvmExitReason.Io or KvmExitReason.Mmio or KvmExitReason.ReadMsr or KvmExitReason.WriteMsr)
                _mustComplete = true;
        }
    }

    private void ImportRegisters(CpuState state)
    {
        _vcpu.Xcr0 = state.Xcr0;
        _extended.Write(_vcpu.Xsave, state);
        _vcpu.SetXsave();
        _vcpu.SpecialRegisters = SpecialRegistersOf(state);
        _area->Cr8 = state.Cr8 & 0xF;
        _msrs.Import(_vcpu, Index.Value == 0, state);
        var registers = new KvmRegisters { Rip = state.Rip, Rflags = state.Rflags };
        for (var i = 0; i < 16; i++)
            registers.General[i] = state.Registers[GeneralOrder.EncodingAt(i)];
        _vcpu.Registers = registers;
        _vcpu.DebugRegisters = new KvmDebugRegisters
        {
            Dr0 = state.Dr0, Dr1 = state.Dr1, Dr2 = state.Dr2, Dr3 = state.Dr3, Dr6 = state.Dr6, Dr7 = state.Dr7,
        };
        var events = EventForm.ToKvm(state);
        // A guest can send itself an SMI through the kernel's local APIC. A new state has neither that nor an INIT that waited for its end.
        if (_hasApic)
            events.Flags |= KvmEvents.SystemManagementValid;
        _vcpu.Events = events;
    }

    private KvmSpecialRegisters SpecialRegistersOf(CpuState state)
    {
        var isLong = (state.Msr.Efer & LongModeActive) != 0;
        var special = new KvmSpecialRegisters
        {
            Cs = state.Cs.ToKvm(), Ds = state.Ds.ToKvm(), Es = state.Es.ToKvm(), Fs = state.Fs.ToKvm(),
            Gs = state.Gs.ToKvm(), Ss = state.Ss.ToKvm(), Tr = state.Tr.ToKvm(), Ldtr = state.Ldtr.ToKvm(),
            Gdtr = new KvmTable { Base = state.Gdtr.Base, Limit = state.Gdtr.Limit },
            Idtr = new KvmTable { Base = state.Idtr.Base, Limit = state.Idtr.Limit },
            Cr0 = state.Cr0, Cr2 = state.Cr2, Cr3 = state.Cr3, Cr4 = state.Cr4, Cr8 = state.Cr8 & 0xF,
            Efer = state.Msr.Efer,
            ApicBase = _vcpu.SpecialRegisters.ApicBase,
        };
        // The L bit means nothing outside long mode, and the kernel refuses it there.
        if (!isLong)
            special.Cs.L = 0;
        if (!isLong && (state.Cr0 & Paging) != 0 && (state.Cr4 & PhysicalAddressExtension) != 0)
        {
            special.Flags = KvmSpecialRegisters.PdptesValid;
            (special.Pdptes[0], special.Pdptes[1], special.Pdptes[2], special.Pdptes[3]) = (state.Pdpte0, state.Pdpte1, state.Pdpte2, state.Pdpte3);
        }
        return special;
    }

    private void Export(in KvmSpecialRegisters special, CpuState state)
    {
        (state.Es, state.Cs, state.Ss, state.Ds) = (special.Es.ToCanonical(), special.Cs.ToCanonical(), special.Ss.ToCanonical(), special.Ds.ToCanonical());
        (state.Fs, state.Gs, state.Ldtr, state.Tr) = (special.Fs.ToCanonical(), special.Gs.ToCanonical(), special.Ldtr.ToCanonical(), special.Tr.ToCanonical());
        state.Gdtr = new DescriptorTable(special.Gdtr.Base, special.Gdtr.Limit);
        state.Idtr = new DescriptorTable(special.Idtr.Base, special.Idtr.Limit);
        (state.Cr0, state.Cr2, state.Cr3, state.Cr4) = (special.Cr0, special.Cr2, special.Cr3, special.Cr4);
        // Without a local APIC in the kernel, what has been given for the next entry counts, too.
        state.Cr8 = _hasApic ? special.Cr8 : _area->Cr8;
        state.Msr.Efer = special.Efer;
        if ((special.Flags & KvmSpecialRegisters.PdptesValid) != 0)
            (state.Pdpte0, state.Pdpte1, state.Pdpte2, state.Pdpte3) = (special.Pdptes[0], special.Pdptes[1], special.Pdptes[2], special.Pdptes[3]);
    }
}
