using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Kvm.State;

/// <summary>
/// Floating-point and vector state between the canonical form and XSAVE's standard format (SDM 1 13.4), where the host's processor
/// puts its components.
/// </summary>
/// <remarks>The kernel saves with 64-bit instruction and data pointers, so the x87 selectors are not kept (SDM 1 10.5.1).</remarks>
internal sealed class ExtendedState(XsaveLayout layout)
{
    private const int ControlWord = 0, StatusWord = 2, TagWord = 4, LastOpcode = 6, LastInstruction = 8, LastData = 16, Mxcsr = 24,
        FloatRegisters = 32, XmmRegisters = 160, PresentComponents = 512, SlotSize = 16;
    private const ulong X87 = 1, Sse = 2;
    private const int Avx = 2, Masks = 5, UpperZmm = 6, HighZmm = 7, ProtectionKeys = 9;

    private readonly XsaveComponent?[] _components = [.. Enumerable.Range(0, ProtectionKeys + 1)
        .Select(number => layout.Components.FirstOrDefault(c => c.Number == number))];

    /// <summary>Fills an area.</summary>
    /// <param name="area">At least as long as the layout.</param>
    /// <param name="state">The state.</param>
    public void Write(Span<byte> area, CpuState state)
    {
        area.Clear();
        ref var fpu = ref state.Fpu;
        BinaryPrimitives.WriteUInt16LittleEndian(area[ControlWord..], fpu.ControlWord);
        BinaryPrimitives.WriteUInt16LittleEndian(area[StatusWord..], fpu.StatusWord);
        area[TagWord] = fpu.TagWord;
        BinaryPrimitives.WriteUInt16LittleEndian(area[LastOpcode..], fpu.LastOpcode);
        BinaryPrimitives.WriteUInt64LittleEndian(area[LastInstruction..], fpu.LastInstruction);
        BinaryPrimitives.WriteUInt64LittleEndian(area[LastData..], fpu.LastData);
        BinaryPrimitives.WriteUInt32LittleEndian(area[Mxcsr..], fpu.Mxcsr);
        for (var i = 0; i < 8; i++)
        {
            var register = fpu.Registers[Physical(i, fpu.StatusWord)];
            BinaryPrimitives.WriteUInt64LittleEndian(area[(FloatRegisters + i * SlotSize)..], register.Significand);
            BinaryPrimitives.WriteUInt16LittleEndian(area[(FloatRegisters + i * SlotSize + 8)..], register.SignExponent);
        }
        var present = X87 | Sse;
        for (var i = 0; i < 16; i++)
            WordsOf(ref fpu.Vectors[i])[..2].CopyTo(MemoryMarshal.Cast<byte, ulong>(area.Slice(XmmRegisters + i * SlotSize, 16)));
        if (Part(area, Avx) is { Length: > 0 } avx)
        {
            present |= 1UL << Avx;
            for (var i = 0; i < 16; i++)
                WordsOf(ref fpu.Vectors[i])[2..4].CopyTo(avx[(i * 2)..]);
        }
        if (Part(area, Masks) is { Length: > 0 } masks)
        {
            present |= 1UL << Masks;
            ((ReadOnlySpan<ulong>)fpu.Masks).CopyTo(masks);
        }
        if (Part(area, UpperZmm) is { Length: > 0 } upper)
        {
            present |= 1UL << UpperZmm;
            for (var i = 0; i < 16; i++)
                WordsOf(ref fpu.Vectors[i])[4..].CopyTo(upper[(i * 4)..]);
        }
        if (Part(area, HighZmm) is { Length: > 0 } high)
        {
            present |= 1UL << HighZmm;
            for (var i = 0; i < 16; i++)
                WordsOf(ref fpu.Vectors[16 + i]).CopyTo(high[(i * 8)..]);
        }
        if (Part(area, ProtectionKeys) is { Length: > 0 } keys)
        {
            present |= 1UL << ProtectionKeys;
            keys[0] = state.Pkru;
        }
        BinaryPrimitives.WriteUInt64LittleEndian(area[PresentComponents..], present);
    }

    /// <summary>Takes the state from an area. Components that it does not have are in their initial state (SDM 1 13.6).</summary>
    /// <param name="area">What XSAVE has stored.</param>
    /// <param name="state">The state.</param>
    public void Read(ReadOnlySpan<byte> area, CpuState state)
    {
        var present = BinaryPrimitives.ReadUInt64LittleEndian(area[PresentComponents..]);
        ref var fpu = ref state.Fpu;
        fpu = FpuState.Initial;
        state.Pkru = 0;
        fpu.Mxcsr = BinaryPrimitives.ReadUInt32LittleEndian(area[Mxcsr..]);
        if ((present & X87) != 0)
            ReadX87(area, ref fpu);
        if ((present & Sse) != 0)
        {
            for (var i = 0; i < 16; i++)
                MemoryMarshal.Cast<byte, ulong>(area.Slice(XmmRegisters + i * SlotSize, 16)).CopyTo(WordsOf(ref fpu.Vectors[i]));
        }
        if (Has(Avx))
        {
            for (var i = 0; i < 16; i++)
                Part(area, Avx).Slice(i * 2, 2).CopyTo(WordsOf(ref fpu.Vectors[i])[2..]);
        }
        if (Has(Masks))
            Part(area, Masks)[..8].CopyTo(fpu.Masks);
        if (Has(UpperZmm))
        {
            for (var i = 0; i < 16; i++)
                Part(area, UpperZmm).Slice(i * 4, 4).CopyTo(WordsOf(ref fpu.Vectors[i])[4..]);
        }
        if (Has(HighZmm))
        {
            for (var i = 0; i < 16; i++)
                Part(area, HighZmm).Slice(i * 8, 8).CopyTo(WordsOf(ref fpu.Vectors[16 + i]));
        }
        if (Has(ProtectionKeys))
            state.Pkru = (uint)Part(area, ProtectionKeys)[0];

        bool Has(int number) => _components[number] is not null && (present >> number & 1) != 0;
    }

    private static void ReadX87(ReadOnlySpan<byte> area, ref FpuState fpu)
    {
        fpu.ControlWord = BinaryPrimitives.ReadUInt16LittleEndian(area[ControlWord..]);
        fpu.StatusWord = BinaryPrimitives.ReadUInt16LittleEndian(area[StatusWord..]);
        fpu.TagWord = area[TagWord];
        fpu.LastOpcode = BinaryPrimitives.ReadUInt16LittleEndian(area[LastOpcode..]);
        fpu.LastInstruction = BinaryPrimitives.ReadUInt64LittleEndian(area[LastInstruction..]);
        fpu.LastData = BinaryPrimitives.ReadUInt64LittleEndian(area[LastData..]);
        for (var i = 0; i < 8; i++)
        {
            fpu.Registers[Physical(i, fpu.StatusWord)] = new FloatRegister(
                BinaryPrimitives.ReadUInt64LittleEndian(area[(FloatRegisters + i * SlotSize)..]),
                BinaryPrimitives.ReadUInt16LittleEndian(area[(FloatRegisters + i * SlotSize + 8)..]));
        }
    }

    // The area has ST(0) first; TOP says which register that is.
    private static int Physical(int stackIndex, ushort statusWord) => ((statusWord >> 11) + stackIndex) & 7;

    private Span<ulong> Part(Span<byte> area, int number) =>
        _components[number] is { } c ? MemoryMarshal.Cast<byte, ulong>(area.Slice(c.Offset, c.Size)) : default;

    private ReadOnlySpan<ulong> Part(ReadOnlySpan<byte> area, int number) =>
        _components[number] is { } c ? MemoryMarshal.Cast<byte, ulong>(area.Slice(c.Offset, c.Size)) : default;

    private static Span<ulong> WordsOf(ref VectorRegister register) => register;
}
