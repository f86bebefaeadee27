using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>
/// One decoded instruction: which handler carries it out, and its operands in the form that handlers read fastest. Lives in
/// the block arena, outside the garbage-collected heap.
/// </summary>
/// <remarks>
/// General registers are named by their byte offset in <see cref="Vcpu.R"/> (index times 8, plus 1 for AH, CH, DH, BH);
/// all other registers by their index.
/// </remarks>
internal unsafe struct Op
{
    /// <summary>
    /// Carries the instruction out and those behind it, to where the block ends or breaks off: never returns
    /// <see cref="Status.Next"/>, and leaves in <see cref="CpuFile.Last"/> which operation was the last.
    /// </summary>
    public delegate*<Op*, CpuFile*, Status> Run;

    /// <summary>Carries this instruction alone out.</summary>
    public delegate*<Vcpu, Op*, Status> Execute;

    /// <summary>
    /// The immediate, sign- or zero-extended as the instruction does; for direct near branches the target, relative to the
    /// block's start.
    /// </summary>
    public ulong Immediate;

    /// <summary>The memory operand's displacement; for RIP-relative operands relative to the block's start.</summary>
    public ulong Displacement;

    /// <summary>The first operation of where a taken branch leads, once known and if it may be linked.</summary>
    public Op* Taken;

    /// <summary>The first operation of where a branch that is not taken leads, or the block's plain end.</summary>
    public Op* NotTaken;

    /// <summary>Iced's code of the instruction, for tables, statistics and reports.</summary>
    public ushort Code;

    /// <summary>Offset of the instruction's first byte from the block's start.</summary>
    public ushort Offset;

    /// <summary>Properties; see <see cref="OpFlags"/>.</summary>
    public OpFlags Flags;

    /// <summary>First register operand (in the order of Iced's operands).</summary>
    public byte Reg0;

    /// <summary>Second register operand.</summary>
    public byte Reg1;

    /// <summary>Third register operand.</summary>
    public byte Reg2;

    /// <summary>Fourth register operand, of the is4 and VSIB forms.</summary>
    public byte Reg3;

    /// <summary>Base register of the memory operand; <see cref="RegisterFile.Zero"/> for none.</summary>
    public byte Base;

    /// <summary>Index register of the memory operand; <see cref="RegisterFile.Zero"/> for none. For VSIB the vector's index.</summary>
    public byte Index;

    /// <summary>The index is shifted left by this, 0 to 3.</summary>
    public byte Scale;

    /// <summary>Segment of the memory operand: 0 ES, 1 CS, 2 SS, 3 DS, 4 FS, 5 GS.</summary>
    public byte Segment;

    /// <summary>
    /// Instructions executed once this one is, from the block's start on. A guard has the number of the instruction that it
    /// guards, the end that of the last.
    /// </summary>
    public byte Ordinal;

    /// <summary>Length in bytes, 1 to 15; 0 for a block's end.</summary>
    public byte Length;

    /// <summary>Offset of the following instruction's first byte from the block's start.</summary>
    public readonly ushort NextOffset => (ushort)(Offset + Length);

    /// <summary>Whether a property is set.</summary>
    public readonly bool Is(OpFlags flag) => (Flags & flag) != 0;
}
