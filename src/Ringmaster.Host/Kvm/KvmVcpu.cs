using System.Runtime.InteropServices;
using Ringmaster.Host.Files;

namespace Ringmaster.Host.Kvm;

/// <summary>A vCPU of the kernel's: its state, and the memory that it shares with the kernel.</summary>
/// <remarks>One thread at a time makes requests of it; the area may be written to by any, as long as it is not disposed.</remarks>
public sealed unsafe partial class KvmVcpu : KvmHandle
{
    private const uint TscGroup = 0, TscOffsetAttribute = 0;
    private const int MostMsrs = 96;

    private readonly byte[] _xsave;
    private readonly nint _runArea;

    private KvmVcpu(int descriptor, nint runArea, int runAreaSize, int xsaveSize) : base(descriptor)
    {
        _runArea = runArea;
        RunAreaSize = runAreaSize;
        _xsave = GC.AllocateArray<byte>(xsaveSize, pinned: true);
    }

    /// <summary>What is shared with the kernel.</summary>
    public KvmRunArea* RunArea => (KvmRunArea*)_runArea;

    /// <summary>Bytes of it, with what follows the structure.</summary>
    public int RunAreaSize { get; }

    /// <summary>Floating-point and vector state as XSAVE lays it out in its standard format; for <see cref="GetXsave"/> and <see cref="SetXsave"/>.</summary>
    public Span<byte> Xsave => _xsave;

    /// <summary>struct kvm_regs.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public KvmRegisters Registers
    {
        get => Get<KvmRegisters>(KvmRequest.GetRegisters, "KVM_GET_REGS");
        set => Ask(KvmRequest.SetRegisters, ref value, "KVM_SET_REGS");
    }

    /// <summary>struct kvm_sregs2.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public KvmSpecialRegisters SpecialRegisters
    {
        get => Get<KvmSpecialRegisters>(KvmRequest.GetSpecialRegisters, "KVM_GET_SREGS2");
        set => Ask(KvmRequest.SetSpecialRegisters, ref value, "KVM_SET_SREGS2");
    }

    /// <summary>struct kvm_vcpu_events.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public KvmEvents Events
    {
        get => Get<KvmEvents>(KvmRequest.GetEvents, "KVM_GET_VCPU_EVENTS");
        set => Ask(KvmRequest.SetEvents, ref value, "KVM_SET_VCPU_EVENTS");
    }

    /// <summary>struct kvm_debugregs.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public KvmDebugRegisters DebugRegisters
    {
        get => Get<KvmDebugRegisters>(KvmRequest.GetDebugRegisters, "KVM_GET_DEBUGREGS");
        set => Ask(KvmRequest.SetDebugRegisters, ref value, "KVM_SET_DEBUGREGS");
    }

    /// <summary>XCR0.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public ulong Xcr0
    {
        get => Get<ExtendedControl>(KvmRequest.GetExtendedControl, "KVM_GET_XCRS").Value;
        set
        {
            var control = new ExtendedControl { Count = 1, Value = value };
            Ask(KvmRequest.SetExtendedControl, ref control, "KVM_SET_XCRS");
        }
    }

    /// <summary>The rate of the time-stamp counter, in kHz.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public int TscKilohertz
    {
        get => Ask(KvmRequest.GetTscFrequency, 0, "KVM_GET_TSC_KHZ");
        set => Ask(KvmRequest.SetTscFrequency, (nuint)value, "KVM_SET_TSC_KHZ");
    }

    /// <summary>What the time-stamp counter is ahead of the host's at its own rate, modulo 2^64.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public ulong TscOffset
    {
        get
        {
            ulong offset = 0;
            Attribute(KvmRequest.GetAttribute, &offset, "KVM_GET_DEVICE_ATTR of the TSC's offset");
            return offset;
        }
        set => Attribute(KvmRequest.SetAttribute, &value, "KVM_SET_DEVICE_ATTR of the TSC's offset");
    }

    /// <summary>Whether <see cref="TscOffset"/> is there.</summary>
    public bool HasTscOffset
    {
        get
        {
            var request = new AttributeRequest { Group = TscGroup, Attribute = TscOffsetAttribute };
            return Try(KvmRequest.HasAttribute, (nuint)(&request)) == 0;
        }
    }

    internal static KvmVcpu Create(int descriptor, int runAreaSize, int xsaveSize)
    {
        var area = MemoryNative.Mmap(null, (nuint)runAreaSize, MemoryNative.ProtRead | MemoryNative.ProtWrite, MemoryNative.MapShared, descriptor, 0);
        if (area != MemoryNative.MapFailed)
            return new KvmVcpu(descriptor, (nint)area, runAreaSize, Math.Max(4096, xsaveSize));
        var error = LinuxException.FromLastCall("mmap of a vCPU's run area");
        _ = FileNative.Close(descriptor);
        throw error;
    }

    /// <summary>Runs the guest until something needs to be done for it.</summary>
    /// <returns>False if a signal or <see cref="KvmRunArea.ImmediateExit"/> ended it; otherwise the reason is in the area.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public bool Run()
    {
        if (Try(KvmRequest.Run, 0) >= 0)
            return true;
        return Marshal.GetLastPInvokeError() is FileNative.Interrupted or FileNative.TryAgain ? false : throw LinuxException.FromLastCall("KVM_RUN");
    }

    /// <summary>Says what CPUID returns. Before the first <see cref="Run"/> only.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void SetCpuid(ReadOnlySpan<KvmCpuidEntry> entries)
    {
        var list = new KvmDevice.CpuidList { Count = (uint)entries.Length };
        entries.CopyTo(list.Entries);
        Ask(KvmRequest.SetCpuid, ref list, "KVM_SET_CPUID2");
    }

    /// <summary>Reads registers, in order, until one is not there.</summary>
    /// <returns>How many were read.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public int GetMsrs(Span<KvmMsr> registers)
    {
        var list = new MsrList { Count = (uint)registers.Length };
        registers.CopyTo(list.Entries);
        var count = Ask(KvmRequest.GetMsrs, ref list, "KVM_GET_MSRS");
        ((Span<KvmMsr>)list.Entries)[..count].CopyTo(registers);
        return count;
    }

    /// <summary>Writes registers, in order, until one is refused.</summary>
    /// <returns>How many were written.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public int SetMsrs(ReadOnlySpan<KvmMsr> registers)
    {
        var list = new MsrList { Count = (uint)registers.Length };
        registers.CopyTo(list.Entries);
        return Ask(KvmRequest.SetMsrs, ref list, "KVM_SET_MSRS");
    }

    /// <summary>Fills <see cref="Xsave"/>.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void GetXsave() => Ask(KvmRequest.GetXsave, ref _xsave[0], "KVM_GET_XSAVE2");

    /// <summary>Takes over <see cref="Xsave"/>.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void SetXsave() => Ask(KvmRequest.SetXsave, ref _xsave[0], "KVM_SET_XSAVE");

    /// <summary>Has an external interrupt delivered. Only when the run area says that it can be, and without controllers in the kernel.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Interrupt(byte vector)
    {
        uint number = vector;
        Ask(KvmRequest.Interrupt, ref number, "KVM_INTERRUPT");
    }

    /// <summary>Latches an NMI.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Nmi() => Ask(KvmRequest.Nmi, 0, "KVM_NMI");

    /// <inheritdoc/>
    protected override bool ReleaseHandle() =>
        MemoryNative.Munmap((void*)_runArea, (nuint)RunAreaSize) == 0 & base.ReleaseHandle();

    private T Get<T>(nuint request, string name) where T : unmanaged
    {
        T value = default;
        Ask(request, ref value, name);
        return value;
    }

    private void Attribute(nuint request, ulong* value, string name)
    {
        var attribute = new AttributeRequest { Group = TscGroup, Attribute = TscOffsetAttribute, Address = (ulong)value };
        Ask(request, ref attribute, name);
    }

    /// <summary>struct kvm_xcrs; of its sixteen registers there is one.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 392)]
    private struct ExtendedControl
    {
        [FieldOffset(0)] public uint Count;
        [FieldOffset(8)] public uint Index;
        [FieldOffset(16)] public ulong Value;
    }

    /// <summary>struct kvm_device_attr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct AttributeRequest
    {
        public uint Flags;
        public uint Group;
        public ulong Attribute;
        public ulong Address;
    }

    /// <summary>struct kvm_msrs.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MsrList
    {
        public uint Count;
        private readonly uint _padding;
        public Msrs Entries;
    }

    [System.Runtime.CompilerServices.InlineArray(MostMsrs)]
    private struct Msrs
    {
        private KvmMsr _register;
    }
}
