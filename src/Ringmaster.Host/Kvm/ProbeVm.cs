using System.Runtime.InteropServices;
using Ringmaster.Host.Files;

namespace Ringmaster.Host.Kvm;

/// <summary>A VM with one vCPU and the <see cref="ProbeGuest"/> in it.</summary>
internal sealed unsafe class ProbeVm : IDisposable
{
    // Where KVM keeps a task state of its own on processors that cannot run real mode by themselves; any place without RAM is good.
    private const nuint TssAddress = 0xFFFB_D000;

    private readonly FileDescriptor _device, _vm, _vcpu;
    private readonly AddressReservation _memory;
    private readonly KvmRunArea* _area;
    private readonly int _areaSize;

    /// <summary>Makes it.</summary>
    /// <param name="path">The device.</param>
    /// <exception cref="ProbeFailure">The device refused something.</exception>
    internal ProbeVm(string path)
    {
        try
        {
            _device = Opened(FileNative.Open(path, FileNative.ReadWrite | FileNative.CloseOnExec), KvmProbeStep.Open, $"opening {path}");
            var version = Checked(KvmNative.Call(_device.Number, KvmRequest.GetApiVersion, 0), KvmProbeStep.ApiVersion, "KVM_GET_API_VERSION");
            if (version != KvmNative.ExpectedApiVersion)
                throw new ProbeFailure(KvmProbeStep.ApiVersion, $"{path} speaks API version {version}, not {KvmNative.ExpectedApiVersion}.");
            _vm = Opened(KvmNative.Call(_device.Number, KvmRequest.CreateVm, 0), KvmProbeStep.CreateVm, "KVM_CREATE_VM");
            _memory = AddressReservation.Create(ProbeGuest.MemorySize);
            LoadMemory();
            // Only some processors need it, and only some kernels have it.
            _ = KvmNative.Call(_vm.Number, KvmRequest.SetTssAddress, TssAddress);
            _vcpu = Opened(KvmNative.Call(_vm.Number, KvmRequest.CreateVcpu, 0), KvmProbeStep.CreateVcpu, "KVM_CREATE_VCPU");
            _areaSize = MapArea(out _area);
            LoadRegisters();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs the guest up to its next write to a port.</summary>
    /// <returns>The port, and the byte written.</returns>
    /// <exception cref="ProbeFailure">It came to something else.</exception>
    internal (ushort Port, byte Value) Run()
    {
        Checked(KvmNative.Call(_vcpu.Number, KvmRequest.Run, 0), KvmProbeStep.RunGuest, "KVM_RUN");
        if (_area->ExitReason != KvmExitReason.Io)
            throw new ProbeFailure(KvmProbeStep.RunGuest, $"instead of a write to a port the device reported {Name(_area->ExitReason)} (exit {(uint)_area->ExitReason})");
        var offset = _area->Io.DataOffset;
        if (_area->Io.Direction != 1 || _area->Io.Size != 1 || _area->Io.Count != 1 || offset >= (ulong)_areaSize)
            throw new ProbeFailure(KvmProbeStep.RunGuest, "its write to a port arrived wrong");
        // SAFETY: the offset was just found to lie in the area.
        return (_area->Io.Port, ((byte*)_area)[offset]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_area is not null)
            _ = MemoryNative.Munmap(_area, (nuint)_areaSize);
        _vcpu?.Dispose();
        _vm?.Dispose();
        _device?.Dispose();
        _memory?.Dispose();
    }

    private void LoadMemory()
    {
        _memory.Map(0, ProbeGuest.MemorySize);
        // SAFETY: as many bytes were just mapped readable and writable.
        ProbeGuest.Load(new Span<byte>(_memory.Address, ProbeGuest.MemorySize));
        var region = new KvmVm.MemoryRegion { Size = ProbeGuest.MemorySize, HostVirtualAddress = (ulong)_memory.Address };
        Checked(KvmNative.Call(_vm.Number, KvmRequest.SetMemoryRegion, (nuint)(&region)), KvmProbeStep.MapMemory, "KVM_SET_USER_MEMORY_REGION");
    }

    private int MapArea(out KvmRunArea* area)
    {
        var size = Checked(KvmNative.Call(_device.Number, KvmRequest.GetVcpuMapSize, 0), KvmProbeStep.CreateVcpu, "KVM_GET_VCPU_MMAP_SIZE");
        // The kernel keeps struct kvm_run at the start of the area, and what follows it in the rest.
        if (size < sizeof(KvmRunArea))
            throw new ProbeFailure(KvmProbeStep.CreateVcpu, $"The vCPU's run area has {size} bytes only.");
        var mapped = MemoryNative.Mmap(null, (nuint)size, MemoryNative.ProtRead | MemoryNative.ProtWrite, MemoryNative.MapShared, _vcpu.Number, 0);
        if (mapped == MemoryNative.MapFailed)
            throw ProbeFailure.OfLastCall(KvmProbeStep.CreateVcpu, "mmap of the vCPU's run area");
        area = (KvmRunArea*)mapped;
        return size;
    }

    private void LoadRegisters()
    {
        // A guest goes into long mode only if CPUID says that its processor has that.
        var cpuid = new KvmDevice.CpuidList { Count = KvmDevice.MostCpuidEntries };
        Checked(KvmNative.Call(_device.Number, KvmRequest.GetSupportedCpuid, (nuint)(&cpuid)), KvmProbeStep.CreateVcpu, "KVM_GET_SUPPORTED_CPUID");
        Checked(KvmNative.Call(_vcpu.Number, KvmRequest.SetCpuid, (nuint)(&cpuid)), KvmProbeStep.CreateVcpu, "KVM_SET_CPUID2");
        FirstSpecialRegisters special;
        Checked(KvmNative.Call(_vcpu.Number, KvmRequest.GetFirstSpecialRegisters, (nuint)(&special)), KvmProbeStep.CreateVcpu, "KVM_GET_SREGS");
        special.Cs.Base = 0;
        special.Cs.Selector = 0;
        Checked(KvmNative.Call(_vcpu.Number, KvmRequest.SetFirstSpecialRegisters, (nuint)(&special)), KvmProbeStep.CreateVcpu, "KVM_SET_SREGS");
        // Bit 1 of RFLAGS always reads as one (SDM 1 3.4.3).
        var registers = new KvmRegisters { Rip = ProbeGuest.Start, Rflags = 2 };
        Checked(KvmNative.Call(_vcpu.Number, KvmRequest.SetRegisters, (nuint)(&registers)), KvmProbeStep.CreateVcpu, "KVM_SET_REGS");
    }

    private static FileDescriptor Opened(int result, KvmProbeStep step, string call) => new(Checked(result, step, call), owned: true);

    private static int Checked(int result, KvmProbeStep step, string call) => result >= 0 ? result : throw ProbeFailure.OfLastCall(step, call);

    private static string Name(KvmExitReason reason) => reason switch
    {
        KvmExitReason.Shutdown => "a shutdown",
        KvmExitReason.FailEntry => "a failed entry",
        KvmExitReason.InternalError => "an internal error",
        _ => "something else",
    };

    /// <summary>struct kvm_sregs; CS is its first member.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 312)]
    private struct FirstSpecialRegisters
    {
        [FieldOffset(0)] public KvmSegment Cs;
    }
}
