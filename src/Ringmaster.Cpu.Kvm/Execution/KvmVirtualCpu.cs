using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Kvm.State;
using Ringmaster.Cpu.Paging;
using Ringmaster.Cpu.State;
using Ringmaster.Host.Kvm;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <summary>
/// A vCPU of the hardware engine. The parts: entering the guest and what comes back (KvmVirtualCpu.Run), answers
/// (KvmVirtualCpu.Answers), interrupts (KvmVirtualCpu.Events), a local APIC in the kernel (KvmVirtualCpu.Apic), kicks
/// (<see cref="KickGate"/>), state (KvmVirtualCpu.State), the time-stamp counter (KvmVirtualCpu.Tsc) and interfaces for guests
/// (KvmVirtualCpu.Paravirtual).
/// </summary>
internal sealed unsafe partial class KvmVirtualCpu : IVirtualCpu
{
    private readonly KvmGuest _guest;
    private readonly KvmVcpu _vcpu;
    private readonly KvmRunArea* _area;
    private readonly KickGate _kicks;
    private readonly MsrSet _msrs;
    private readonly ExtendedState _extended;
    private readonly PagingCapabilities _paging;
    private readonly ITimestampCounter _tsc;
    private readonly Action _released;
    private readonly bool _hasApic;
    private readonly ExitCounts _counts = new();
    private bool _disposed;

    /// <param name="index">Its number.</param>
    /// <param name="guest">The VM.</param>
    /// <param name="setup">What it looks like to the guest.</param>
    /// <param name="layout">Where the host's XSAVE puts state components.</param>
    /// <param name="released">Called when it does not use the VM any more, also if this throws.</param>
    public KvmVirtualCpu(VcpuIndex index, KvmGuest guest, VcpuSetup setup, Models.XsaveLayout layout, Action released)
    {
        Index = index;
        _guest = guest;
        _released = released;
        _tsc = setup.Tsc;
        _extended = new ExtendedState(layout);
        _paging = PagingCapabilities.Of(setup.Cpuid);
        KvmVcpu? vcpu = null;
        try
        {
            _hasApic = guest.Fabric is not null;
            _vcpu = vcpu = guest.CreateVcpu(index, setup.ApicId);
            _area = vcpu.RunArea;
            _kicks = new KickGate(_area);
            _guestClock = SetParavirtual(guest, vcpu, setup.Cpuid);
            vcpu.SetCpuid(CpuidForm.ToKvm(setup.Cpuid));
            _msrs = guest.Msrs(vcpu);
            SetTscRate();
        }
        catch
        {
            vcpu?.Dispose();
            released();
            throw;
        }
    }

    /// <inheritdoc/>
    public VcpuIndex Index { get; }

    /// <inheritdoc/>
    public long InstructionCount => -1;

    /// <inheritdoc/>
    public IReadOnlyList<EngineCounter> Counters => _counts.All;

    /// <inheritdoc/>
    public void Kick() => _kicks.Kick();

    /// <inheritdoc/>
    public GuestPhysicalAddress? Translate(LinearAddress address)
    {
        var special = _vcpu.SpecialRegisters;
        var pdptes = special.Pdptes;
        // A debugger reads whatever is mapped: SMAP is lifted, and no key counts.
        const ulong alignmentCheck = 1 << 18;
        var context = new PagingContext(_paging, special.Cr0, special.Cr3, special.Cr4, special.Efer, alignmentCheck, pkru: 0,
            pdptes[0], pdptes[1], pdptes[2], pdptes[3]);
        if (!context.IsCanonical(address))
            return null;
        var record = new PageWalkRecord();
        var access = new PageAccess(PageAccessKind.Read, IsUser: false, IsImplicit: false);
        var translation = PageWalk.Probe(_guest.Memory, context, address, access, ref record);
        return translation.IsFault ? null : translation.Address;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _kicks.Close();
        _vcpu.Dispose();
        _released();
    }
}
