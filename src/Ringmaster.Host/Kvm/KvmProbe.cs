using Ringmaster.Host.Files;

namespace Ringmaster.Host.Kvm;

/// <summary>
/// Finds out whether /dev/kvm can run an ordinary guest, by running one: a page of real-mode code that writes a port and
/// halts. Some hosts answer every call and still cannot run such a guest, so nothing less tells.
/// </summary>
public static unsafe class KvmProbe
{
    private const int PageSize = 4096;
    private const ulong CodeAddress = 0x1000;
    private const ushort ProbePort = 0x10;
    private const byte ProbeValue = 42;

    /// <summary>mov al, 42; out 0x10, al; hlt.</summary>
    private static ReadOnlySpan<byte> Code => [0xB0, ProbeValue, 0xE6, (byte)ProbePort, 0xF4];

    /// <summary>Tries the device. Never throws for what it does.</summary>
    /// <param name="path">The device, normally <c>/dev/kvm</c>.</param>
    /// <param name="timeout">How long the guest may take; a healthy host needs a few milliseconds.</param>
    public static KvmProbeResult Try(string path, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(path);
        KvmProbeResult? result = null;
        // A guest that never exits keeps its thread inside KVM_RUN; as a background thread it ends with the process.
        var thread = new Thread(() => Volatile.Write(ref result, TryNow(path))) { IsBackground = true, Name = "kvm-probe" };
        thread.Start();
        return thread.Join(timeout)
            ? Volatile.Read(ref result)!
            : new(KvmProbeStep.RunGuest, $"{path} accepts a guest but did not come back from it within {timeout.TotalSeconds:0.#} s.");
    }

    private static KvmProbeResult TryNow(string path)
    {
        try
        {
            return TrySteps(path);
        }
        catch (LinuxException error)
        {
            return new(KvmProbeStep.MapMemory, $"{error.Message}.");
        }
    }

    private static KvmProbeResult TrySteps(string path)
    {
        using var device = Descriptor(FileNative.Open(path, FileNative.ReadWrite | FileNative.CloseOnExec));
        if (device.IsInvalid)
            return Failed(KvmProbeStep.Open, $"opening {path}");
        var version = KvmNative.Call(device.Number, KvmNative.GetApiVersion, (nuint)0);
        if (version != KvmNative.ExpectedApiVersion)
            return version < 0
                ? Failed(KvmProbeStep.ApiVersion, "KVM_GET_API_VERSION")
                : new(KvmProbeStep.ApiVersion, $"{path} speaks API version {version}, not {KvmNative.ExpectedApiVersion}.");

        using var vm = Descriptor(KvmNative.Call(device.Number, KvmNative.CreateVm, (nuint)0));
        if (vm.IsInvalid)
            return Failed(KvmProbeStep.CreateVm, "KVM_CREATE_VM");

        using var mapping = AddressReservation.Create(PageSize);
        mapping.Map(0, PageSize);
        // SAFETY: the page was just mapped readable and writable and is far longer than the code.
        Code.CopyTo(new Span<byte>(mapping.Address, PageSize));
        var region = new KvmNative.MemoryRegion
        {
            GuestPhysicalAddress = CodeAddress,
            Size = PageSize,
            HostVirtualAddress = (ulong)mapping.Address,
        };
        if (KvmNative.Call(vm.Number, KvmNative.SetUserMemoryRegion, &region) < 0)
            return Failed(KvmProbeStep.MapMemory, "KVM_SET_USER_MEMORY_REGION");

        using var vcpu = Descriptor(KvmNative.Call(vm.Number, KvmNative.CreateVcpu, (nuint)0));
        if (vcpu.IsInvalid)
            return Failed(KvmProbeStep.CreateVcpu, "KVM_CREATE_VCPU");
        return RunGuest(device, vcpu);
    }

    private static KvmProbeResult RunGuest(FileDescriptor device, FileDescriptor vcpu)
    {
        var areaSize = KvmNative.Call(device.Number, KvmNative.GetVcpuMmapSize, (nuint)0);
        if (areaSize < PageSize)
            return Failed(KvmProbeStep.CreateVcpu, "KVM_GET_VCPU_MMAP_SIZE");
        var area = MemoryNative.Mmap(null, (nuint)areaSize, MemoryNative.ProtRead | MemoryNative.ProtWrite,
            MemoryNative.MapShared, vcpu.Number, 0);
        if (area == MemoryNative.MapFailed)
            return Failed(KvmProbeStep.CreateVcpu, "mmap of the vCPU's run area");
        try
        {
            KvmNative.SpecialRegisters special;
            if (KvmNative.Call(vcpu.Number, KvmNative.GetSregs, &special) < 0)
                return Failed(KvmProbeStep.CreateVcpu, "KVM_GET_SREGS");
            special.CsBase = 0;
            special.CsSelector = 0;
            // Bit 1 of RFLAGS always reads as one (SDM 1 3.4.3).
            var registers = new KvmNative.Registers { Rip = CodeAddress, Rflags = 2 };
            if (KvmNative.Call(vcpu.Number, KvmNative.SetSregs, &special) < 0
                || KvmNative.Call(vcpu.Number, KvmNative.SetRegs, &registers) < 0)
                return Failed(KvmProbeStep.CreateVcpu, "setting a vCPU's registers for real mode");

            // SAFETY: the kernel keeps struct kvm_run at the start of the area, which is at least a page long.
            return Observe(vcpu, (KvmNative.RunArea*)area, areaSize);
        }
        finally
        {
            _ = MemoryNative.Munmap(area, (nuint)areaSize);
        }
    }

    private static KvmProbeResult Observe(FileDescriptor vcpu, KvmNative.RunArea* area, int areaSize)
    {
        if (KvmNative.Call(vcpu.Number, KvmNative.Run, (nuint)0) < 0)
            return Failed(KvmProbeStep.RunGuest, "KVM_RUN");
        if (area->ExitReason != KvmNative.ExitIo)
            return Unexpected("write to a port", area->ExitReason);
        var offset = area->IoDataOffset;
        if (area->IoDirection != 1 || area->IoPort != ProbePort || area->IoSize != 1 || area->IoCount != 1
            || offset >= (ulong)areaSize || ((byte*)area)[offset] != ProbeValue)
            return new(KvmProbeStep.RunGuest, "A real-mode guest ran, but its write to a port arrived wrong.");
        if (KvmNative.Call(vcpu.Number, KvmNative.Run, (nuint)0) < 0)
            return Failed(KvmProbeStep.RunGuest, "KVM_RUN after a port write");
        return area->ExitReason == KvmNative.ExitHalt
            ? new(KvmProbeStep.Works, "A real-mode guest ran, wrote a port and halted as it should.")
            : Unexpected("halt", area->ExitReason);
    }

    private static KvmProbeResult Unexpected(string expected, uint reason)
    {
        var name = reason switch
        {
            KvmNative.ExitShutdown => "shutdown",
            KvmNative.ExitFailEntry => "failed entry",
            KvmNative.ExitInternalError => "internal error",
            _ => "another reason",
        };
        return new(KvmProbeStep.RunGuest,
            $"The device accepts a real-mode guest but cannot run it: instead of a {expected} it reported {name} (exit {reason}).");
    }

    private static FileDescriptor Descriptor(int number) => new(number, owned: true);

    private static KvmProbeResult Failed(KvmProbeStep step, string call) => new(step, $"{LinuxException.FromLastCall(call).Message}.");
}
