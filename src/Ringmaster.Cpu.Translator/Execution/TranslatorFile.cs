using System.Runtime.InteropServices;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>What generated code needs of a vCPU beside its registers. It follows the register file in the vCPU's area.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TranslatorFile
{
    /// <summary>RFLAGS with the guest's arithmetic flags, while generated code is not running.</summary>
    public ulong StatusFlags;

    /// <summary>The host stack pointer of the frame to which generated code returns.</summary>
    public ulong HostStack;

    /// <summary>Where the host's stack has no record of calls.</summary>
    public ulong RecordBase;

    /// <summary>A value on its way to the guest's stack, or the host address that is to be called.</summary>
    public ulong Pushed;

    /// <summary>Instructions executed by generated code that counts them, since the runtime last looked.</summary>
    public ulong Count;

    /// <summary>The host address at which a host fault happened in generated code.</summary>
    public ulong FaultAddress;

    /// <summary>Nonzero while the vector registers and MXCSR are the guest's.</summary>
    public uint HasVectors;

    /// <summary>MXCSR of the runtime.</summary>
    public uint HostMxcsr;

    /// <summary>Flags put aside inside an instruction.</summary>
    public ulong SavedFlags;

    /// <summary>The exit by which generated code has left; see <see cref="Cache.CodeCache"/>. Or one of the numbers below zero.</summary>
    public int Exit;

    /// <summary>How many slots have been filled since the last flush.</summary>
    public uint FilledSlots;

    /// <summary>A handle of the vCPU's object, for calls back.</summary>
    public nint Owner;

    /// <summary>Called when both levels of the TLB miss.</summary>
    public delegate* unmanaged<nint, ulong, uint, ulong> FillCallback;

    /// <summary>Called to interpret one instruction; see <see cref="Cache.ExitKind.InPlace"/>. Answers 0 if generated code may go on.</summary>
    public delegate* unmanaged<nint, int, int> InPlaceCallback;

    /// <summary>Called when generated code leaves, with the exit's number. Answers where it goes on, or 0.</summary>
    public delegate* unmanaged<nint, int, ulong> ExitCallback;

    /// <summary>Called to read the guest's time-stamp counter.</summary>
    public delegate* unmanaged<nint, ulong> TimeStampCallback;

    /// <summary>Selects the bits of a RIP that index the jump cache.</summary>
    public ulong JumpMask;

    /// <summary>Selects the six arithmetic flags.</summary>
    public ulong StatusMask;

    /// <summary>Selects all flags but IF.</summary>
    public ulong AllButInterrupt;

    /// <summary>Selects the bits of a task priority that must be zero.</summary>
    public ulong NoPriority;

    /// <summary>Selects the bits of a bit offset that tell the byte in units of eight, and those that tell the bit in a quadword.</summary>
    public ulong QuadwordPart, BitPart;

    /// <summary>Selects CR4.FSGSBASE.</summary>
    public ulong BaseAccess;

    /// <summary>Selects all bits but the lowest.</summary>
    public ulong AllButLowest;

    /// <summary>Selects all flags but DF.</summary>
    public ulong AllButDirection;

    /// <summary>Selects the bits of an address that index the TLB.</summary>
    public ulong TlbIndexMask;

    /// <summary>Selects the bits of an offset that are zero inside a page.</summary>
    public ulong PageMask;

    /// <summary>Selects the bits of the stack pointer that are zero in the lowest 4 KiB of a window of 64 KiB.</summary>
    public ulong DepthMask;

    /// <summary>A copy of an operand that lies in two pages.</summary>
    public fixed byte Across[MostAcross];

    /// <summary>How many rounds of a loop are left.</summary>
    public uint Rounds;

    /// <summary>Nonzero: generated code has changed CS, SS or flags from which the mode follows, and the runtime does not know yet.</summary>
    public uint ModeChanged;

    /// <summary>Where SYSCALL goes, with its exit's number in RCX and the return address in R14, and SYSRET, with its exit's number in RCX.</summary>
    public ulong SystemCallEntry, SystemReturnEntry;

    /// <summary>What a system call needs.</summary>
    public SystemCallCells SystemCall;

    /// <summary>What a return from an interrupt needs: to user code, and to the kernel.</summary>
    public InterruptReturnCells ReturnToUser, ReturnToKernel;

    /// <summary>The longest operand.</summary>
    public const int MostAcross = 64;

    /// <summary>Generated code was left after a host fault.</summary>
    public const int HostFaultExit = -1;

    /// <summary>Generated code was left through an empty entry of the jump cache.</summary>
    public const int EmptyJumpExit = -2;

    /// <summary>Generated code was left after an instruction that was interpreted in place; its status is known.</summary>
    public const int InPlaceExit = -3;
}
