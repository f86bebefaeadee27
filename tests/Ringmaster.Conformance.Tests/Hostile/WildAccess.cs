using Iced.Intel;
using Ringmaster.Conformance.Tests.Harness;

namespace Ringmaster.Conformance.Tests.Hostile;

/// <summary>
/// One round of a hostile guest: an access that is in order, so that the engine remembers where it goes, and then the same with
/// a register that points anywhere. All instructions leave their flags defined.
/// </summary>
/// <param name="Code">The instructions.</param>
/// <param name="FsBase">The base of FS.</param>
/// <param name="GsBase">The base of GS.</param>
internal sealed record WildAccess(byte[] Code, ulong FsBase, ulong GsBase)
{
    /// <summary>Where addresses turn over: pages, tables, segments, canonical halves, and what engines might use as marks of their own.</summary>
    private static readonly ulong[] s_edges =
    [
        0, 0x1000, 0x1_0000, Layout.Data, Layout.Code, Layout.KernelStack, Layout.UserStack, Layout.MemorySize, 0x10_0000, Layout.Window, Layout.Window + 0x1000, 0x40_0000,
        0x8000_0000, 0x1_0000_0000, 0x8000_0000_0000, 0x4000_0000_0000_0000, 0x8000_0000_0000_0000, Layout.HighHalf, Layout.HighHalf + Layout.Data,
        0x100_0000_0000_0000, 0xFF00_0000_0000_0000, 0xFFFF_7FFF_FFFF_F000,
    ];

    private static readonly Code[] s_codes32 =
    [
        Iced.Intel.Code.Mov_r32_rm32, Iced.Intel.Code.Mov_r16_rm16, Iced.Intel.Code.Movzx_r32_rm8, Iced.Intel.Code.Add_r32_rm32, Iced.Intel.Code.Cmp_r32_rm32,
        Iced.Intel.Code.Adc_r32_rm32, Iced.Intel.Code.Mov_rm32_r32, Iced.Intel.Code.Add_rm32_r32, Iced.Intel.Code.Sbb_rm16_r16, Iced.Intel.Code.Xchg_rm32_r32,
        Iced.Intel.Code.Xadd_rm32_r32, Iced.Intel.Code.Cmpxchg_rm32_r32, Iced.Intel.Code.Inc_rm32, Iced.Intel.Code.Not_rm16, Iced.Intel.Code.Push_rm32,
        Iced.Intel.Code.Movups_xmm_xmmm128, Iced.Intel.Code.Movaps_xmmm128_xmm, Iced.Intel.Code.Paddd_xmm_xmmm128, Iced.Intel.Code.Movups_xmmm128_xmm,
        Iced.Intel.Code.Setb_rm8,
    ];

    private static readonly Code[] s_codes64 =
    [
        .. s_codes32.Except([Iced.Intel.Code.Push_rm32]), Iced.Intel.Code.Mov_r64_rm64, Iced.Intel.Code.Mov_rm64_r64,
        Iced.Intel.Code.Sub_r64_rm64, Iced.Intel.Code.Dec_rm64, Iced.Intel.Code.Push_rm64, Iced.Intel.Code.Movsxd_r64_rm32,
    ];

    private static readonly byte[][] s_stack = [[0x50], [0x58], [0x5F], [0x6A, 0x7F], [0xC9], [0xC3], [0xC2, 0x10, 0], [0xE8, 2, 0, 0, 0], [0x9C], [0x57, 0x50], [0x58, 0x5E, 0x57]];

    /// <summary>Makes a round.</summary>
    public static WildAccess Make(Random random, GuestMode mode)
    {
        var bits = mode.Bits();
        var bytes = new MemoryStream();
        var encoder = Encoder.Create(bits, new StreamCodeWriter(bytes));
        var (fs, gs) = (Base(random, bits), Base(random, bits));
        var kind = random.Next(8);
        if (kind == 0)
        {
            Point(encoder, bits, Register.RSP, WildFor(random, bits, new MemoryOperand(Register.RSP), 0));
            bytes.Write(s_stack[random.Next(s_stack.Length)]);
        }
        else if (kind == 1)
        {
            Point(encoder, bits, Register.RAX, Target(random, bits));
            // JMP or CALL through AX, EAX or RAX, or PUSH and RET.
            bytes.Write(random.Next(3) switch { 0 => [0xFF, 0xE0], 1 => [0xFF, 0xD0], _ => [0x50, 0xC3] });
        }
        else
        {
            var codes = bits == 64 ? s_codes64 : s_codes32;
            var code = codes[random.Next(codes.Length)];
            var operand = Operand(random, bits, out var register);
            Point(encoder, bits, register, Layout.Data + (ulong)random.Next(0x800));
            Encode(encoder, Access(code, operand));
            Point(encoder, bits, register, WildFor(random, bits, operand, operand.SegmentPrefix switch { Register.FS => fs, Register.GS => gs, _ => 0 }));
            if (random.Next(2) == 0)
                Encode(encoder, Instruction.Create(Iced.Intel.Code.Cmp_rm32_imm8, Register.EAX, random.Next(-9, 9)));
            Encode(encoder, Access(code, operand));
        }
        return new(bytes.ToArray(), fs, gs);
    }

    private static MemoryOperand Operand(Random random, int bits, out Register register)
    {
        var segment = random.Next(4) switch { 0 => Register.FS, 1 => Register.GS, _ => Register.None };
        var isOther = random.Next(5) == 0;
        var width = bits switch { 64 => isOther ? 32 : 64, 32 => isOther ? 16 : 32, _ => isOther ? 32 : 16 };
        var displacement = random.Next(3) switch { 0 => 0, 1 => random.Next(-128, 128), _ => random.Next(-0x7000, 0x7000) };
        var size = displacement == 0 ? 0 : width / 8 is 8 ? 8 : width / 8;
        if (width == 16)
        {
            register = random.Next(2) == 0 ? Register.RDI : Register.RBX;
            return new(register == Register.RDI ? Register.DI : Register.BX, Register.None, 1, displacement, displacement == 0 ? 0 : 2, false, segment);
        }
        register = (bits == 64 ? random.Next(4) : random.Next(2)) switch { 0 => Register.RDI, 1 => Register.RBP, 2 => Register.R12, _ => Register.R9 };
        var @base = width == 64 ? register : Register.EAX + register.GetNumber();
        // ESI is small, and may be negative.
        var index = random.Next(3) != 0 ? Register.None : width == 64 ? Register.RSI : Register.ESI;
        return new(@base, index, index == Register.None ? 1 : 1 << random.Next(4), displacement, Math.Max(size, @base is Register.RBP or Register.EBP ? 1 : 0), false, segment);
    }

    private static Instruction Access(Code code, MemoryOperand operand)
    {
        var info = code.ToOpCode();
        if (info.OpCount == 1)
            return Instruction.Create(code, operand);
        var memory = info.GetOpKind(0).ToString().Contains("mem", StringComparison.Ordinal) ? 0 : 1;
        var name = info.GetOpKind(1 - memory).ToString();
        var register = name.StartsWith("xmm", StringComparison.Ordinal) ? Register.XMM1
            : name.StartsWith("r64", StringComparison.Ordinal) ? Register.RDX : name.StartsWith("r16", StringComparison.Ordinal) ? Register.DX : Register.EDX;
        return memory == 0 ? Instruction.Create(code, operand, register) : Instruction.Create(code, register, operand);
    }

    /// <summary>Loads a register with an address.</summary>
    private static void Point(Encoder encoder, int bits, Register register, ulong address)
    {
        if (bits == 64)
            Encode(encoder, Instruction.Create(Iced.Intel.Code.Mov_r64_imm64, register, address));
        else
            Encode(encoder, Instruction.Create(Iced.Intel.Code.Mov_r32_imm32, Register.EAX + register.GetNumber(), (uint)address));
    }

    private static void Encode(Encoder encoder, in Instruction instruction) => encoder.Encode(instruction, 0);

    /// <summary>
    /// Where a base register leads an operand to. Whether a segment of 4 GBytes ends at its end or wraps is the processor's choice
    /// (SDM 3A 5.3), and so is when it notices a change of page tables.
    /// </summary>
    private static ulong WildFor(Random random, int bits, in MemoryOperand operand, ulong segmentBase)
    {
        while (true)
        {
            var address = Wild(random, bits) - (random.Next(2) == 0 ? (ulong)operand.Displacement : 0);
            var index = operand.Index == Register.None ? 0 : -4L * operand.Scale;
            var offset = (uint)(address + (ulong)operand.Displacement + (ulong)index);
            if (bits != 64 && operand.SegmentPrefix != Register.None && offset >= uint.MaxValue - 32)
                continue;
            if ((offset + segmentBase & 0xFFFF_FFFF) is < PageTables.Tables - 64 or > 0x10_A000)
                return address;
        }
    }

    private static ulong Wild(Random random, int bits)
    {
        var address = random.Next(10) == 0 ? (ulong)random.NextInt64(long.MinValue, long.MaxValue)
            : s_edges[random.Next(s_edges.Length)] + (ulong)random.Next(-40, 40);
        return bits == 64 ? address : (uint)address;
    }

    /// <summary>Somewhere to go: outside of RAM, or where marks are.</summary>
    private static ulong Target(Random random, int bits)
    {
        while (true)
        {
            var address = Wild(random, bits);
            // Not so near the end of marks that what stands behind them is reached, and what is at the end of 4 GBytes is the processor's choice.
            var (first, last) = (address & ~Layout.HighHalf, (address & ~Layout.HighHalf) + 0x100);
            if (bits == 16 ? (ushort)address is >= 0x1000 and < 0xFF00
                : first >= Layout.MemorySize ? bits == 64 || first < 0xFFFF_F000 : Layout.HoldsMarks(first) && Layout.HoldsMarks(last))
                return address;
        }
    }

    private static ulong Base(Random random, int bits)
    {
        if (random.Next(3) == 0)
            return 0;
        var address = Wild(random, bits);
        // Bases are canonical: no instruction loads others.
        return bits == 64 ? (ulong)((long)(address << 16) >> 16) : address;
    }
}
