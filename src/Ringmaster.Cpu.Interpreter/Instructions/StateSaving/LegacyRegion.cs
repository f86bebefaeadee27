using System.Buffers.Binary;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions.X87;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.StateSaving;

/// <summary>
/// The first 416 bytes of FXSAVE and XSAVE areas: x87 state, MXCSR, XMM registers (SDM 1 10.5.1, 13.4.1).
/// </summary>
internal static class LegacyRegion
{
    public const int ControlSize = 24, MxcsrOffset = 24, MaskOffset = 28, RegistersOffset = 32, RegistersSize = 128, VectorsOffset = 160,
        VectorSize = 16, Size = 512;

    /// <summary>MXCSR bits that exist: MM (bit 17) only where misaligned SSE operands can be allowed.</summary>
    public static uint MxcsrMask(Vcpu cpu) => cpu.Features.HasMisalignedSse ? 0x2_FFFFu : 0xFFFF;

    /// <summary>
    /// Whether FOP, FIP and FDP are written: AMD processors that do not announce otherwise leave them out of the image while
    /// no exception is pending (APM 2 11.4.4, CPUID 8000_0008 EBX[2]).
    /// </summary>
    public static bool SavesPointers(Vcpu cpu) => cpu.Features.SavesErrorPointers || X87Unit.IsPending(cpu);

    /// <summary>Writes bytes 0 to 23.</summary>
    public static void SaveControl(Vcpu cpu, bool wide, Span<byte> area)
    {
        ref readonly var fpu = ref cpu.Fpu;
        BinaryPrimitives.WriteUInt16LittleEndian(area, fpu.ControlWord);
        BinaryPrimitives.WriteUInt16LittleEndian(area[2..], fpu.StatusWord);
        BinaryPrimitives.WriteUInt16LittleEndian(area[4..], fpu.TagWord);
        area[6..ControlSize].Clear();
        // Those that do save them always write zeros while no exception is pending.
        if (cpu.Features.IsAmd && !X87Unit.IsPending(cpu))
            return;
        BinaryPrimitives.WriteUInt16LittleEndian(area[6..], fpu.LastOpcode);
        if (wide)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(area[8..], fpu.LastInstruction);
            BinaryPrimitives.WriteUInt64LittleEndian(area[16..], fpu.LastData);
            return;
        }
        BinaryPrimitives.WriteUInt32LittleEndian(area[8..], (uint)fpu.LastInstruction);
        BinaryPrimitives.WriteUInt16LittleEndian(area[12..], fpu.LastInstructionSelector);
        BinaryPrimitives.WriteUInt32LittleEndian(area[16..], (uint)fpu.LastData);
        BinaryPrimitives.WriteUInt16LittleEndian(area[20..], fpu.LastDataSelector);
    }

    /// <summary>Writes MXCSR and its mask.</summary>
    public static void SaveMxcsr(Vcpu cpu, Span<byte> area)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(area[MxcsrOffset..], cpu.Fpu.Mxcsr);
        BinaryPrimitives.WriteUInt32LittleEndian(area[MaskOffset..], MxcsrMask(cpu));
    }

    /// <summary>Writes the x87 registers, ST(0) first.</summary>
    public static void SaveRegisters(in FpuState fpu, Span<byte> registers)
    {
        var top = fpu.StatusWord >> X87Status.TopShift & 7;
        registers[..RegistersSize].Clear();
        for (var i = 0; i < 8; i++)
        {
            var register = fpu.Registers[(top + i) & 7];
            BinaryPrimitives.WriteUInt64LittleEndian(registers[(16 * i)..], register.Significand);
            BinaryPrimitives.WriteUInt16LittleEndian(registers[(16 * i + 8)..], register.SignExponent);
        }
    }

    /// <summary>Writes XMM registers.</summary>
    public static void SaveVectors(in FpuState fpu, int count, Span<byte> vectors)
    {
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(vectors[(VectorSize * i)..], fpu.Vectors[i][0]);
            BinaryPrimitives.WriteUInt64LittleEndian(vectors[(VectorSize * i + 8)..], fpu.Vectors[i][1]);
        }
    }

    /// <summary>Loads the x87 part: bytes 0 to 23 and 32 to 159.</summary>
    public static void LoadX87(Vcpu cpu, ref FpuState fpu, bool wide, ReadOnlySpan<byte> area)
    {
        fpu.ControlWord = ControlInstructions.Control(BinaryPrimitives.ReadUInt16LittleEndian(area));
        fpu.StatusWord = BinaryPrimitives.ReadUInt16LittleEndian(area[2..]);
        fpu.TagWord = area[4];
        new X87Stack(ref fpu).UpdateSummary();
        if (cpu.Features.SavesErrorPointers || (fpu.StatusWord & X87Status.ErrorSummary) != 0)
            LoadPointers(cpu, ref fpu, wide, area);
        var top = fpu.StatusWord >> X87Status.TopShift & 7;
        for (var i = 0; i < 8; i++)
        {
            var register = area[(RegistersOffset + 16 * i)..];
            fpu.Registers[(top + i) & 7] = new FloatRegister(
                BinaryPrimitives.ReadUInt64LittleEndian(register), BinaryPrimitives.ReadUInt16LittleEndian(register[8..]));
        }
    }

    /// <summary>Loads XMM registers.</summary>
    public static void LoadVectors(ref FpuState fpu, int count, ReadOnlySpan<byte> vectors)
    {
        for (var i = 0; i < count; i++)
        {
            fpu.Vectors[i][0] = BinaryPrimitives.ReadUInt64LittleEndian(vectors[(VectorSize * i)..]);
            fpu.Vectors[i][1] = BinaryPrimitives.ReadUInt64LittleEndian(vectors[(VectorSize * i + 8)..]);
        }
    }

    private static void LoadPointers(Vcpu cpu, ref FpuState fpu, bool wide, ReadOnlySpan<byte> area)
    {
        fpu.LastOpcode = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(area[6..]) & 0x7FF);
        if (wide)
        {
            fpu.LastInstruction = Canonical(BinaryPrimitives.ReadUInt64LittleEndian(area[8..]));
            fpu.LastData = Canonical(BinaryPrimitives.ReadUInt64LittleEndian(area[16..]));
            fpu.LastInstructionSelector = fpu.LastDataSelector = 0;
            return;
        }
        fpu.LastInstruction = BinaryPrimitives.ReadUInt32LittleEndian(area[8..]);
        fpu.LastData = BinaryPrimitives.ReadUInt32LittleEndian(area[16..]);
        var deprecated = cpu.Features.DeprecatesFcsFds;
        fpu.LastInstructionSelector = deprecated ? (ushort)0 : BinaryPrimitives.ReadUInt16LittleEndian(area[12..]);
        fpu.LastDataSelector = deprecated ? (ushort)0 : BinaryPrimitives.ReadUInt16LittleEndian(area[20..]);
    }

    // The registers are as wide as the longest linear addresses, 57 bits.
    private static ulong Canonical(ulong address) => (ulong)((long)(address << 7) >> 7);
}
