using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>
/// The architectural registers of a vCPU and what is derived from them, in memory that does not move: generated code
/// addresses the same fields as the interpreter's handlers.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe partial struct CpuFile
{
    /// <summary>General registers.</summary>
    public RegisterFile R;

    /// <summary>RIP. Kept at block boundaries; inside a block it is <see cref="Vcpu.RipOf"/> of the operation.</summary>
    public ulong Rip;

    /// <summary>The last result, for lazy flags.</summary>
    public ulong FlagResult;

    /// <summary>The carry word of lazy flags.</summary>
    public uint FlagCarries;

    /// <summary>All flags but the arithmetic ones, with bit 1 set.</summary>
    public uint OtherFlags;

    /// <summary>Reasons for the loop to look up before the next block; see <see cref="Execution.Attention"/>.</summary>
    public int Attention;

    /// <summary>Zero while <see cref="Attention"/> is not: what generated code looks at.</summary>
    public int Run;

    /// <summary>Rights of the protection keys.</summary>
    public uint Pkru;

    /// <summary>Nonzero while the run loop wants to know as soon as the vCPU can take an interrupt.</summary>
    public uint WindowWanted;

    /// <summary>Nonzero from an NMI's delivery to the next IRET.</summary>
    public uint NmiBlocked;

    /// <summary>What CR8 may not fall below without an exit.</summary>
    public uint TaskPriorityThreshold;

    /// <summary>The operation that ended the last block.</summary>
    public Op* Last;

    /// <summary>Instructions that the interpreter has executed.</summary>
    public long Executed;

    /// <summary>Blocks that may still be entered before the loop has its turn again.</summary>
    public int LinksLeft;

    /// <summary>What finds blocks by their linear addresses.</summary>
    public JumpCacheEntry* Jumps;

    /// <summary>TLB generation, code size and privilege: what blocks were found for.</summary>
    public ulong CodeContext;

    /// <summary>Base and limit of the code segment; 0 in 64-bit mode.</summary>
    public ulong CodeWindow;

    /// <summary>The TLB table of the present mode.</summary>
    public TlbEntry* Tlb;

    /// <summary>A weak handle to the vCPU whose registers these are.</summary>
    public nint Owner;

    /// <summary>Bases used to form addresses: zero for ES, CS, SS, DS in 64-bit mode.</summary>
    public SegmentBases Bases;

    /// <summary>Segment registers with their hidden parts.</summary>
    public SegmentRegisters Segments;

    /// <summary>Control registers.</summary>
    public ulong Cr0, Cr2, Cr3, Cr4, Cr8, Xcr0;

    /// <summary>PDPTEs that PAE paging has loaded.</summary>
    public ulong Pdpte0, Pdpte1, Pdpte2, Pdpte3;

    /// <summary>Debug registers.</summary>
    public ulong Dr0, Dr1, Dr2, Dr3, Dr6, Dr7;

    /// <summary>Descriptor tables.</summary>
    public DescriptorTable Gdtr, Idtr;

    /// <summary>Model-specific registers.</summary>
    public MsrState Msr;

    /// <summary>x87, MMX and vector state, in the canonical form.</summary>
    public FpuState Fpu;

    /// <summary>Bases of the eight segment registers.</summary>
    [InlineArray(8)]
    internal struct SegmentBases
    {
        private ulong _base;
    }

    /// <summary>ES, CS, SS, DS, FS, GS, LDTR, TR.</summary>
    [InlineArray(8)]
    internal struct SegmentRegisters
    {
        private Segment _register;
    }
}
