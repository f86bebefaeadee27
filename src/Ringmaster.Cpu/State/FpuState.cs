using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.State;

/// <summary>x87, MMX and vector state: what XSAVE saves (SDM 1 13.4).</summary>
public struct FpuState
{
    /// <summary>FCW, the x87 control word.</summary>
    public ushort ControlWord;

    /// <summary>FSW, the x87 status word, with TOP in bits 11-13.</summary>
    public ushort StatusWord;

    /// <summary>Abridged tag word: bit n is set when physical register n is not empty (SDM 1 10.5.1.1).</summary>
    public byte TagWord;

    /// <summary>FOP, the last x87 opcode, 11 bits.</summary>
    public ushort LastOpcode;

    /// <summary>FIP, the last x87 instruction's offset, and in 32-bit formats the selector beside it.</summary>
    public ulong LastInstruction;

    /// <summary>FDP, the last x87 memory operand's offset.</summary>
    public ulong LastData;

    /// <summary>FCS, the last x87 instruction's code segment; zero where the processor has deprecated it.</summary>
    public ushort LastInstructionSelector;

    /// <summary>FDS, the last x87 memory operand's segment; zero where the processor has deprecated it.</summary>
    public ushort LastDataSelector;

    /// <summary>The eight physical registers R0 to R7; ST(i) is R[(TOP + i) mod 8], MMi is the significand of Ri.</summary>
    public PhysicalRegisters Registers;

    /// <summary>MXCSR.</summary>
    public uint Mxcsr;

    /// <summary>Vector registers 0 to 31; 16 to 31 exist with AVX-512 only.</summary>
    public VectorRegisters Vectors;

    /// <summary>AVX-512 mask registers k0 to k7.</summary>
    public MaskRegisters Masks;

    /// <summary>The state after FNINIT with MXCSR at its default, all registers zero.</summary>
    public static FpuState Initial => new() { ControlWord = 0x37F, Mxcsr = 0x1F80 };

    /// <summary>The state after power-up or reset: FCW is 0x40 and the tags say "zero", not "empty" (SDM 3A 9.1.1).</summary>
    public static FpuState PowerUp => new() { ControlWord = 0x40, TagWord = 0xFF, Mxcsr = 0x1F80 };

    /// <summary>Eight x87 registers.</summary>
    [InlineArray(8)]
    public struct PhysicalRegisters
    {
        private FloatRegister _register;
    }

    /// <summary>Thirty-two vector registers.</summary>
    [InlineArray(32)]
    public struct VectorRegisters
    {
        private VectorRegister _register;
    }

    /// <summary>Eight mask registers.</summary>
    [InlineArray(8)]
    public struct MaskRegisters
    {
        private ulong _register;
    }
}
