using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>The memory that a vCPU shares with the kernel: struct kvm_run (api.rst, "The kvm_run structure").</summary>
[StructLayout(LayoutKind.Explicit, Size = 2352)]
public struct KvmRunArea
{
    /// <summary>In: come back as soon as the guest can take an interrupt.</summary>
    [FieldOffset(0)] public byte RequestInterruptWindow;

    /// <summary>In: finish the instruction that waits for an answer, and do not enter the guest.</summary>
    [FieldOffset(1)] public volatile byte ImmediateExit;

    /// <summary>Out: why it came back.</summary>
    [FieldOffset(8)] public KvmExitReason ExitReason;

    /// <summary>Out: nothing stands in the way of an interrupt.</summary>
    [FieldOffset(12)] public byte ReadyForInterrupt;

    /// <summary>Out: RFLAGS.IF.</summary>
    [FieldOffset(13)] public byte InterruptFlag;

    /// <summary>In and out: CR8.</summary>
    [FieldOffset(16)] public ulong Cr8;

    /// <summary>Out: IA32_APIC_BASE.</summary>
    [FieldOffset(24)] public ulong ApicBase;

    /// <summary>The port access of <see cref="KvmExitReason.Io"/>.</summary>
    [FieldOffset(32)] public IoAccess Io;

    /// <summary>The access of <see cref="KvmExitReason.Mmio"/>.</summary>
    [FieldOffset(32)] public MemoryAccess Memory;

    /// <summary>The access of <see cref="KvmExitReason.ReadMsr"/> and <see cref="KvmExitReason.WriteMsr"/>.</summary>
    [FieldOffset(32)] public MsrAccess Msr;

    /// <summary>The vector of <see cref="KvmExitReason.IoApicEoi"/>.</summary>
    [FieldOffset(32)] public byte EndedVector;

    /// <summary>The reason of the processor for <see cref="KvmExitReason.FailEntry"/> and <see cref="KvmExitReason.Unknown"/>.</summary>
    [FieldOffset(32)] public ulong HardwareReason;

    /// <summary>What <see cref="KvmExitReason.InternalError"/> is about.</summary>
    [FieldOffset(32)] public InternalFailure InternalError;

    /// <summary>A port access, of several elements for string instructions.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoAccess
    {
        /// <summary>0 for input, 1 for output.</summary>
        public byte Direction;

        /// <summary>Bytes of an element.</summary>
        public byte Size;

        /// <summary>The port.</summary>
        public ushort Port;

        /// <summary>How many elements, all of the same port.</summary>
        public uint Count;

        /// <summary>Where the elements are, in bytes from the start of the run area.</summary>
        public ulong DataOffset;
    }

    /// <summary>A load or store.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MemoryAccess
    {
        /// <summary>Guest-physical address.</summary>
        public ulong Address;

        /// <summary>What is stored, or room for what is loaded.</summary>
        public ulong Data;

        /// <summary>Bytes, 1 to 8.</summary>
        public uint Length;

        /// <summary>A store.</summary>
        public byte IsWrite;
    }

    /// <summary>RDMSR or WRMSR.</summary>
    [StructLayout(LayoutKind.Explicit)]
    public struct MsrAccess
    {
        /// <summary>In: not zero for #GP.</summary>
        [FieldOffset(0)] public byte Error;

        /// <summary>The register.</summary>
        [FieldOffset(12)] public uint Index;

        /// <summary>What is written, or room for what is read.</summary>
        [FieldOffset(16)] public ulong Data;
    }

    /// <summary>An internal error.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct InternalFailure
    {
        /// <summary>Which: 1 for an instruction that the kernel cannot emulate.</summary>
        public uint Kind;

        /// <summary>How many words of <see cref="Data"/> count.</summary>
        public uint Count;

        /// <summary>Details; see api.rst.</summary>
        public Words Data;
    }

    /// <summary>Sixteen words.</summary>
    [InlineArray(16)]
    public struct Words
    {
        private ulong _word;
    }
}
