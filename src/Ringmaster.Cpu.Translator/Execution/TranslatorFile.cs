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

    /// <summary>Where generated code left: the return address of its call to the exit routine.</summary>
    public ulong ExitAddress;

    /// <summary>The RIP that an indirect branch leads to.</summary>
    public ulong Target;

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

    /// <summary>Unused; keeps what follows aligned.</summary>
    public uint Reserved;

    /// <summary>How many slots have been filled since the last flush.</summary>
    public uint FilledSlots;

    /// <summary>A handle of the vCPU's object, for calls back.</summary>
    public nint Owner;

    /// <summary>Called when both levels of the TLB miss.</summary>
    public delegate* unmanaged<nint, ulong, ulong, ulong> FillCallback;

    /// <summary>Selects the bits of a RIP that index the jump cache.</summary>
    public ulong JumpMask;

    /// <summary>Select the bits of an offset that must be zero for an access inside a page, naturally aligned: for 1, 2, 4, 8, 16 and 32 bytes.</summary>
    public fixed ulong PageMasks[6];
}
