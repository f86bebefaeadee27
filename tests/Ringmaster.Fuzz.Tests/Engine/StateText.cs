using System.Runtime.InteropServices;
using Ringmaster.Cpu.State;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>A processor's state as text, one value a line, to compare and to read.</summary>
internal static class StateText
{
    public static IEnumerable<string> Of(CpuState state)
    {
        for (var i = 0; i < 16; i++)
            yield return $"R{i}={state.Registers[i]:x}";
        yield return $"RIP={state.Rip:x}";
        yield return $"RFLAGS={state.Rflags:x}";
        foreach (var segment in new[] { state.Es, state.Cs, state.Ss, state.Ds, state.Fs, state.Gs, state.Ldtr, state.Tr })
            yield return $"{segment}";
        yield return $"GDTR={state.Gdtr} IDTR={state.Idtr}";
        yield return $"CR0={state.Cr0:x} CR2={state.Cr2:x} CR3={state.Cr3:x} CR4={state.Cr4:x} CR8={state.Cr8:x} XCR0={state.Xcr0:x} PKRU={state.Pkru:x}";
        yield return $"DR={state.Dr0:x} {state.Dr1:x} {state.Dr2:x} {state.Dr3:x} {state.Dr6:x} {state.Dr7:x}";
        yield return $"MSR={Hex(MemoryMarshal.AsBytes(new ReadOnlySpan<MsrState>(in state.Msr)))}";
        yield return $"PDPTE={state.Pdpte0:x} {state.Pdpte1:x} {state.Pdpte2:x} {state.Pdpte3:x}";
        foreach (var line in Fpu(state.Fpu))
            yield return line;
        yield return $"{state.Activity} STI={state.StiShadow} MOVSS={state.MovSsShadow} NMI={state.NmiBlocked} {state.NmiPending} {state.Pending}";
    }

    private static IEnumerable<string> Fpu(FpuState fpu)
    {
        yield return $"FCW={fpu.ControlWord:x} FSW={fpu.StatusWord:x} FTW={fpu.TagWord:x} FOP={fpu.LastOpcode:x} "
            + $"FIP={fpu.LastInstructionSelector:x}:{fpu.LastInstruction:x} FDP={fpu.LastDataSelector:x}:{fpu.LastData:x} MXCSR={fpu.Mxcsr:x}";
        for (var i = 0; i < 8; i++)
            yield return $"R{i}={fpu.Registers[i]} K{i}={fpu.Masks[i]:x}";
        for (var i = 0; i < 32; i++)
            yield return $"V{i}={Hex(MemoryMarshal.AsBytes(new ReadOnlySpan<VectorRegister>(in fpu.Vectors[i])))}";
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);
}
