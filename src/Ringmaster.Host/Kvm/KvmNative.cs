using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>The calls of /dev/kvm that the probe needs (Linux, Documentation/virt/kvm/api.rst).</summary>
internal static unsafe partial class KvmNative
{
    internal const nuint GetApiVersion = 0xAE00, CreateVm = 0xAE01, GetVcpuMmapSize = 0xAE04, CreateVcpu = 0xAE41;
    internal const nuint SetUserMemoryRegion = 0x4020_AE46, Run = 0xAE80, SetRegs = 0x4090_AE82;
    internal const nuint GetSregs = 0x8138_AE83, SetSregs = 0x4138_AE84, SetTssAddress = 0xAE47;
    internal const nuint GetSupportedCpuid = 0xC008_AE05, SetCpuid = 0x4008_AE90;
    internal const int ExpectedApiVersion = 12;
    internal const int MostCpuidEntries = 256, CpuidListSize = 8 + 40 * MostCpuidEntries;
    internal const uint ExitIo = 2, ExitShutdown = 8, ExitFailEntry = 9, ExitInternalError = 17;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Call(int fd, nuint request, nuint argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Call(int fd, nuint request, void* argument);

    /// <summary>struct kvm_userspace_memory_region.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MemoryRegion
    {
        internal uint Slot;
        internal uint Flags;
        internal ulong GuestPhysicalAddress;
        internal ulong Size;
        internal ulong HostVirtualAddress;
    }

    /// <summary>struct kvm_regs: sixteen general registers, RIP, RFLAGS.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    internal struct Registers
    {
        [FieldOffset(128)] internal ulong Rip;
        [FieldOffset(136)] internal ulong Rflags;
    }

    /// <summary>struct kvm_sregs; CS is its first member.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 312)]
    internal struct SpecialRegisters
    {
        [FieldOffset(0)] internal ulong CsBase;
        [FieldOffset(12)] internal ushort CsSelector;
    }

    /// <summary>The head of struct kvm_run with the answer to a port access.</summary>
    [StructLayout(LayoutKind.Explicit)]
    internal struct RunArea
    {
        [FieldOffset(8)] internal uint ExitReason;
        [FieldOffset(32)] internal byte IoDirection;
        [FieldOffset(33)] internal byte IoSize;
        [FieldOffset(34)] internal ushort IoPort;
        [FieldOffset(36)] internal uint IoCount;
        [FieldOffset(40)] internal ulong IoDataOffset;
    }
}
