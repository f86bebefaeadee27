using System.Buffers.Binary;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.StateSaving;

/// <summary>The components of the extended region: their bytes, their initial configuration, and whether they are in it.</summary>
internal static class StateImage
{
    private const uint InitialMxcsr = 0x1F80;

    /// <summary>The most bytes that one component has (Hi16_ZMM).</summary>
    public const int LargestComponent = 1024;

    /// <summary>
    /// XINUSE: the components that differ from their initial configuration (SDM 1 13.6). Processors may say "in use" more
    /// often than that; the x87 and SSE parts of AMD's always are.
    /// </summary>
    public static ulong InUse(Vcpu cpu)
    {
        ref readonly var fpu = ref cpu.Fpu;
        ulong inUse = 0;
        if (cpu.Features.IsAmd)
            inUse = StateComponent.X87Bit | StateComponent.SseBit;
        else
            inUse = (IsX87InUse(fpu) ? StateComponent.X87Bit : 0) | (AnyVector(fpu, 0, 16, 0, 2) ? StateComponent.SseBit : 0);
        if (AnyVector(fpu, 0, 16, 2, 4))
            inUse |= StateComponent.AvxBit;
        if (AnyVector(fpu, 0, 16, 4, 8))
            inUse |= 1UL << StateComponent.ZmmHigh256;
        if (AnyVector(fpu, 16, 32, 0, 8))
            inUse |= 1UL << StateComponent.HighZmm;
        for (var i = 0; i < 8; i++)
            inUse |= fpu.Masks[i] != 0 ? 1UL << StateComponent.OpMask : 0;
        if (cpu.Pkru != 0)
            inUse |= StateComponent.PkruBit;
        return inUse;
    }

    /// <summary>Whether MXCSR differs from its initial value: the compacted formats count it with SSE.</summary>
    public static bool IsMxcsrInUse(in FpuState fpu) => fpu.Mxcsr != InitialMxcsr;

    /// <summary>Writes a component from 2 up.</summary>
    public static void Save(Vcpu cpu, int component, Span<byte> bytes)
    {
        ref readonly var fpu = ref cpu.Fpu;
        bytes.Clear();
        switch (component)
        {
            case StateComponent.Avx:
                SaveVectors(fpu, 0, VectorCount(cpu), 2, 4, bytes);
                break;
            case StateComponent.OpMask:
                for (var i = 0; i < 8; i++)
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes[(8 * i)..], fpu.Masks[i]);
                break;
            case StateComponent.ZmmHigh256:
                SaveVectors(fpu, 0, VectorCount(cpu), 4, 8, bytes);
                break;
            case StateComponent.HighZmm:
                SaveVectors(fpu, 16, cpu.Is64BitMode ? 32 : 16, 0, 8, bytes);
                break;
            case StateComponent.Pkru:
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, cpu.Pkru);
                break;
        }
    }

    /// <summary>Loads a component from 2 up, except PKRU; zeros are every such component's initial configuration.</summary>
    public static void Load(Vcpu cpu, ref FpuState fpu, int component, ReadOnlySpan<byte> bytes)
    {
        switch (component)
        {
            case StateComponent.Avx:
                LoadVectors(ref fpu, 0, VectorCount(cpu), 2, 4, bytes);
                break;
            case StateComponent.OpMask:
                for (var i = 0; i < 8; i++)
                    fpu.Masks[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * i)..]);
                break;
            case StateComponent.ZmmHigh256:
                LoadVectors(ref fpu, 0, VectorCount(cpu), 4, 8, bytes);
                break;
            case StateComponent.HighZmm:
                LoadVectors(ref fpu, 16, cpu.Is64BitMode ? 32 : 16, 0, 8, bytes);
                break;
        }
    }

    /// <summary>The x87 component's initial configuration.</summary>
    public static void InitializeX87(ref FpuState fpu)
    {
        X87.ControlInstructions.Initialize(ref fpu);
        fpu.Registers = default;
    }

    /// <summary>The SSE component's initial configuration, without MXCSR.</summary>
    public static void InitializeSse(Vcpu cpu, ref FpuState fpu)
    {
        for (var i = 0; i < VectorCount(cpu); i++)
            (fpu.Vectors[i][0], fpu.Vectors[i][1]) = (0, 0);
    }

    /// <summary>MXCSR's initial value.</summary>
    public static void InitializeMxcsr(ref FpuState fpu) => fpu.Mxcsr = InitialMxcsr;

    /// <summary>Vector registers that the mode can reach, of the first sixteen.</summary>
    public static int VectorCount(Vcpu cpu) => cpu.Is64BitMode ? 16 : 8;

    private static bool IsX87InUse(in FpuState fpu)
    {
        if (fpu.ControlWord != 0x37F || fpu.StatusWord != 0 || fpu.TagWord != 0 || fpu.LastOpcode != 0 || fpu.LastInstruction != 0
            || fpu.LastData != 0 || fpu.LastInstructionSelector != 0 || fpu.LastDataSelector != 0)
            return true;
        for (var i = 0; i < 8; i++)
        {
            if (fpu.Registers[i] != default)
                return true;
        }
        return false;
    }

    private static bool AnyVector(in FpuState fpu, int first, int end, int firstWord, int endWord)
    {
        ulong any = 0;
        for (var i = first; i < end; i++)
        {
            for (var word = firstWord; word < endWord; word++)
                any |= fpu.Vectors[i][word];
        }
        return any != 0;
    }

    private static void SaveVectors(in FpuState fpu, int first, int end, int firstWord, int endWord, Span<byte> bytes)
    {
        var at = 0;
        for (var i = first; i < end; i++)
        {
            for (var word = firstWord; word < endWord; word++, at += 8)
                BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], fpu.Vectors[i][word]);
        }
    }

    private static void LoadVectors(ref FpuState fpu, int first, int end, int firstWord, int endWord, ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        for (var i = first; i < end; i++)
        {
            for (var word = firstWord; word < endWord; word++, at += 8)
                fpu.Vectors[i][word] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
        }
    }
}
