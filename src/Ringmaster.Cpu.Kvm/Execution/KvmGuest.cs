using Ringmaster.Cpu.Kvm.State;
using Ringmaster.Host.Kvm;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Kvm.Execution;

/// <summary>A VM of the kernel's: the guest's memory in its slots, and what all its vCPUs share. It lives as long as its vCPUs.</summary>
internal sealed unsafe class KvmGuest : IDisposable
{
    // Identity map and task state of Intel's processors; between the local APICs and the largest firmware, where boards put nothing.
    private const ulong ReservedPages = 0xFEFF_C000;

    // Those that change what guests see, in the order of api.rst, KVM_CAP_DISABLE_QUIRKS2: LINT0, local APIC's hole, port 7E,
    // hypercalls patched in the guest's memory, MWAIT that is never undefined.
    private const ulong UnwantedQuirks = 0x1 | 0x4 | 0x8 | 0x20 | 0x40;

    // Registers that the kernel does not know, knows and refuses to give, or that a filter keeps from it.
    private const ulong AllMsrExits = 7;

    private readonly GuestMemory _memory;
    private readonly KvmVm _vm;
    private readonly GuestDirtyLog _dirtyLog;
    private readonly Lock _lock = new();
    private readonly int _shownSlot;
    private RamRange? _shown;
    private MsrSet? _msrs;
    private readonly MsrSet _wantedMsrs;

    /// <summary>Makes the VM's memory.</summary>
    /// <param name="vm">The VM; belongs to this from now on.</param>
    /// <param name="memory">The guest's memory. It must outlive all vCPUs.</param>
    /// <param name="msrs">Registers that the CPU model has.</param>
    /// <param name="irqchip">Which interrupt controllers the kernel has.</param>
    public KvmGuest(KvmVm vm, GuestMemory memory, MsrSet msrs, KvmIrqchip irqchip)
    {
        _vm = vm;
        _memory = memory;
        _wantedMsrs = msrs;
        Clock = new GuestClock(vm);
        _dirtyLog = new GuestDirtyLog(vm, memory, (slot, isLogged) => Fill(slot, memory.Ranges[slot], isReadOnly: false, isLogged));
        Doorbells = new KvmDoorbells(vm);
        try
        {
            vm.Enable(KvmCapability.DisableQuirks2, (ulong)vm.Check(KvmCapability.DisableQuirks2) & UnwantedQuirks);
            vm.Enable(KvmCapability.UserSpaceMsr, AllMsrExits);
            if (irqchip != KvmIrqchip.User)
                Fabric = new KvmFabric(vm, irqchip);
            vm.ReservePages(ReservedPages);
            _dirtyLog.Prepare();
            var slot = 0;
            for (; slot < memory.Ranges.Count; slot++)
                Fill(slot, memory.Ranges[slot], isReadOnly: false);
            foreach (var range in memory.Roms)
                Fill(slot++, range, isReadOnly: true);
            _shownSlot = slot;
            FollowMemory();
            memory.DirtyLog.Join(_dirtyLog);
        }
        catch
        {
            vm.Dispose();
            throw;
        }
    }

    /// <summary>The guest's memory.</summary>
    public GuestMemory Memory => _memory;

    /// <summary>How many vCPUs it has; the engine counts.</summary>
    public int Users { get; set; }

    /// <summary>What leads to the local APICs, if the kernel has them.</summary>
    public KvmFabric? Fabric { get; }

    /// <summary>Writes that ring.</summary>
    public KvmDoorbells Doorbells { get; }

    /// <summary>The time-stamp counters' common line.</summary>
    public TscTimeline Timeline { get; } = new();

    /// <summary>The clock behind interfaces for guests.</summary>
    public GuestClock Clock { get; }

    /// <summary>Whether the rate of time-stamp counters can be chosen.</summary>
    public bool HasTscControl => _vm.Check(KvmCapability.TscControl) != 0;

    /// <summary>Whether the kernel can be made to offer none of Hyper-V's interfaces but those that CPUID announces.</summary>
    public bool CanEnforceHyperV => _vm.Check(KvmCapability.EnforceHyperVCpuid) != 0;

    /// <summary>Makes a vCPU.</summary>
    /// <remarks>A local APIC of the kernel's has its vCPU's number as ID.</remarks>
    public KvmVcpu CreateVcpu(VcpuIndex index, uint apicId) => _vm.CreateVcpu(Fabric is null ? index.Value : (int)apicId);

    /// <summary>The registers that the kernel keeps; found out with the first vCPU, which has its CPUID already.</summary>
    public MsrSet Msrs(KvmVcpu vcpu)
    {
        lock (_lock)
        {
            if (_msrs is null)
            {
                _msrs = _wantedMsrs.KnownTo(vcpu);
                _vm.KeepMsrs(_msrs.Kept);
            }
            return _msrs;
        }
    }

    /// <summary>Shows the guest device memory where <see cref="GuestMemory.Show"/> has placed it meanwhile. No vCPU runs.</summary>
    public void FollowMemory()
    {
        lock (_lock)
        {
            if (_memory.Shown == _shown)
                return;
            if (_shown is { } before)
                _vm.SetMemory(_shownSlot, before.Start.Value, null, 0, isReadOnly: false);
            _shown = null;
            if (_memory.Shown is { } now)
                Fill(_shownSlot, now, isReadOnly: false);
            _shown = _memory.Shown;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.DirtyLog.Part(_dirtyLog);
        Fabric?.Close();
        Doorbells.Close();
        _vm.Dispose();
    }

    // SAFETY: ranges are mapped from HostBase + address on, as long as the memory is not disposed.
    private void Fill(int slot, RamRange range, bool isReadOnly, bool isLogged = false) =>
        _vm.SetMemory(slot, range.Start.Value, _memory.HostBase + range.Start.Value, range.Length, isReadOnly, isLogged);
}
