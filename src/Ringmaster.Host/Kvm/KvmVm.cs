using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>A VM of the kernel's: its guest-physical memory, and what all its vCPUs have in common.</summary>
public sealed unsafe partial class KvmVm : KvmHandle
{
    private const uint LogFlag = 1, ReadOnlyFlag = 2, FilterDeniesByDefault = 1, FilterReadsAndWrites = 3;
    private const int MostFilterRanges = 16;

    private readonly int _runAreaSize;

    internal KvmVm(int descriptor, int runAreaSize) : base(descriptor) => _runAreaSize = runAreaSize;

    /// <summary>As <see cref="KvmDevice.Check"/>, for what may differ between VMs.</summary>
    public int Check(KvmCapability capability) => Math.Max(0, Try(KvmRequest.CheckExtension, (nuint)capability));

    /// <summary>Shows host memory to the guest, or takes away what is shown.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="guestPhysicalAddress">Where; page-aligned.</param>
    /// <param name="memory">The memory, page-aligned. It must stay mapped as long as the slot has it.</param>
    /// <param name="length">Bytes, a multiple of the page size; 0 for nothing any more.</param>
    /// <param name="isReadOnly">The guest's stores are exits.</param>
    /// <param name="isLogged">The slot has a dirty log.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void SetMemory(int slot, ulong guestPhysicalAddress, byte* memory, ulong length, bool isReadOnly, bool isLogged = false)
    {
        var region = new MemoryRegion
        {
            Slot = (uint)slot,
            Flags = (isReadOnly ? ReadOnlyFlag : 0) | (isLogged ? LogFlag : 0),
            GuestPhysicalAddress = guestPhysicalAddress,
            Size = length,
            HostVirtualAddress = (ulong)memory,
        };
        Ask(KvmRequest.SetMemoryRegion, ref region, $"KVM_SET_USER_MEMORY_REGION of {length} bytes at {guestPhysicalAddress:X}");
    }

    /// <summary>
    /// Gives the kernel four pages of guest-physical addresses that nothing else uses, which processors of Intel's need for real mode.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void ReservePages(ulong guestPhysicalAddress)
    {
        const int pageSize = 4096;
        Ask(KvmRequest.SetIdentityMapAddress, ref guestPhysicalAddress, "KVM_SET_IDENTITY_MAP_ADDR");
        Ask(KvmRequest.SetTssAddress, (nuint)guestPhysicalAddress + pageSize, "KVM_SET_TSS_ADDR");
    }

    /// <summary>Says which model-specific registers the kernel keeps; accesses to all others are exits.</summary>
    /// <param name="registers">The kernel's.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void KeepMsrs(IEnumerable<uint> registers)
    {
        const int registersPerRange = 0x2000;
        var filter = new MsrFilter { Flags = FilterDeniesByDefault };
        var groups = registers.GroupBy(index => index & ~(registersPerRange - 1u)).ToList();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups.Count, MostFilterRanges, nameof(registers));
        var bitmaps = GC.AllocateArray<byte>(groups.Count * registersPerRange / 8, pinned: true);
        for (var i = 0; i < groups.Count; i++)
        {
            var bitmap = bitmaps.AsSpan(i * registersPerRange / 8, registersPerRange / 8);
            foreach (var offset in groups[i].Select(index => index - groups[i].Key))
                bitmap[(int)offset / 8] |= (byte)(1 << (int)offset % 8);
            filter.Ranges[i] = new FilterRange
            {
                Flags = FilterReadsAndWrites,
                Count = registersPerRange,
                First = groups[i].Key,
                // SAFETY: the array is pinned, and kept alive beyond the call, which copies it.
                Bitmap = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bitmap)),
            };
        }
        Ask(KvmRequest.SetMsrFilter, ref filter, "KVM_X86_SET_MSR_FILTER");
        GC.KeepAlive(bitmaps);
    }

    /// <summary>Makes a vCPU.</summary>
    /// <param name="id">Its number, which no other of this VM has.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public KvmVcpu CreateVcpu(int id) =>
        KvmVcpu.Create(Ask(KvmRequest.CreateVcpu, (nuint)id, "KVM_CREATE_VCPU"), _runAreaSize, Check(KvmCapability.Xsave2));

    /// <summary>struct kvm_userspace_memory_region.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MemoryRegion
    {
        public uint Slot;
        public uint Flags;
        public ulong GuestPhysicalAddress;
        public ulong Size;
        public ulong HostVirtualAddress;
    }

    /// <summary>struct kvm_msr_filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MsrFilter
    {
        public uint Flags;
        public FilterRanges Ranges;
    }

    [InlineArray(MostFilterRanges)]
    private struct FilterRanges
    {
        private FilterRange _range;
    }

    /// <summary>struct kvm_msr_filter_range.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FilterRange
    {
        public uint Flags;
        public uint Count;
        public uint First;
        public byte* Bitmap;
    }
}
