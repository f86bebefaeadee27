using System.Runtime.InteropServices;
using Ringmaster.Host.Files;

namespace Ringmaster.Host.Kvm;

/// <summary>/dev/kvm: what the kernel's hypervisor can do, and the VMs that it makes.</summary>
public sealed unsafe class KvmDevice : KvmHandle
{
    internal const int MostCpuidEntries = 256;

    private KvmDevice(int descriptor) : base(descriptor)
    {
    }

    /// <summary>Opens the device.</summary>
    /// <param name="path">Normally <c>/dev/kvm</c>.</param>
    /// <exception cref="LinuxException">It cannot be opened, or is something else.</exception>
    public static KvmDevice Open(string path)
    {
        var descriptor = FileNative.Open(path, FileNative.ReadWrite | FileNative.CloseOnExec);
        if (descriptor < 0)
            throw LinuxException.FromLastCall($"opening {path}");
        var device = new KvmDevice(descriptor);
        try
        {
            return device.Ask(KvmRequest.GetApiVersion, 0, "KVM_GET_API_VERSION") == KvmNative.ExpectedApiVersion ? device
                : throw new IOException($"{path} does not speak API version {KvmNative.ExpectedApiVersion}.");
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>Whether the kernel has something, and for some how much of it: 0 for nothing.</summary>
    public int Check(KvmCapability capability) => Math.Max(0, Try(KvmRequest.CheckExtension, (nuint)capability));

    /// <summary>What CPUID may say at most to a guest on this host.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public KvmCpuidEntry[] GetSupportedCpuid() => GetCpuid(KvmRequest.GetSupportedCpuid, "KVM_GET_SUPPORTED_CPUID");

    /// <summary>What CPUID's leaves from 4000_0000 on may say at most to a guest that uses Hyper-V's interfaces; nothing where there are none.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public KvmCpuidEntry[] GetSupportedHyperVCpuid() =>
        Check(KvmCapability.HyperVCpuid) == 0 ? [] : GetCpuid(KvmRequest.GetSupportedHyperVCpuid, "KVM_GET_SUPPORTED_HV_CPUID");

    /// <summary>Reads a register that tells of the processor's features.</summary>
    /// <returns>Its value, or null where the kernel does not know it.</returns>
    public ulong? ReadFeatureMsr(uint index)
    {
        var list = new OneMsr { Count = 1, Msr = new KvmMsr { Index = index } };
        return Try(KvmRequest.GetMsrs, (nuint)(&list)) == 1 ? list.Msr.Value : null;
    }

    /// <summary>Makes a VM.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public KvmVm CreateVm() =>
        new(Ask(KvmRequest.CreateVm, 0, "KVM_CREATE_VM"), Ask(KvmRequest.GetVcpuMapSize, 0, "KVM_GET_VCPU_MMAP_SIZE"));

    private KvmCpuidEntry[] GetCpuid(nuint request, string name)
    {
        var list = new CpuidList { Count = MostCpuidEntries };
        Ask(request, ref list, name);
        return ((ReadOnlySpan<KvmCpuidEntry>)list.Entries)[..(int)list.Count].ToArray();
    }

    /// <summary>struct kvm_cpuid2 with room for all entries that there can be.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct CpuidList
    {
        public uint Count;
        private readonly uint _padding;
        public CpuidEntries Entries;
    }

    [System.Runtime.CompilerServices.InlineArray(MostCpuidEntries)]
    internal struct CpuidEntries
    {
        private KvmCpuidEntry _entry;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct OneMsr
    {
        public uint Count;
        private readonly uint _padding;
        public KvmMsr Msr;
    }
}
