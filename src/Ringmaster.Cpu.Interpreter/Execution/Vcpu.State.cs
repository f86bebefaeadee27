using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Exchange with the canonical state.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>The engine's name, for messages.</summary>
    protected virtual string EngineName => "interpreter";

    /// <inheritdoc/>
    public void Export(CpuState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (_awaitsAnswer)
            throw new InvalidOperationException("The vCPU's last exit has not been answered; settle it before exporting its state.");
        for (var i = 0; i < 16; i++)
            state.Registers[i] = R[i];
        state.Rip = Rip;
        state.Rflags = Flags;
        (state.Es, state.Cs, state.Ss, state.Ds) = (Segments[0], Segments[1], Segments[2], Segments[3]);
        (state.Fs, state.Gs, state.Ldtr, state.Tr) = (Segments[4], Segments[5], Segments[6], Segments[7]);
        (state.Gdtr, state.Idtr) = (Gdtr, Idtr);
        (state.Cr0, state.Cr2, state.Cr3, state.Cr4, state.Cr8) = (Cr0, Cr2, Cr3, Cr4, Cr8);
        (state.Xcr0, state.Pkru, state.Msr, state.Fpu) = (Xcr0, Pkru, Msr, Fpu);
        (state.Dr0, state.Dr1, state.Dr2, state.Dr3, state.Dr6, state.Dr7) = (Dr0, Dr1, Dr2, Dr3, Dr6, Dr7);
        (state.Pdpte0, state.Pdpte1, state.Pdpte2, state.Pdpte3) = (Pdpte0, Pdpte1, Pdpte2, Pdpte3);
        (state.Activity, state.StiShadow, state.MovSsShadow) = (Activity, StiShadow, MovSsShadow);
        (state.NmiBlocked, state.NmiPending) = (NmiBlocked, NmiPending);
        state.Pending = HasPending ? Pending : null;
        state.Paravirtual = default;
    }

    /// <summary>Whether another vCPU's registers hold the same.</summary>
    internal bool HasSameRegisters(Vcpu other)
    {
        // From the bases on, all that the file holds is architectural.
        var rest = (int)((byte*)&_file->Bases - (byte*)_file);
        return Rip == other.Rip && Flags == other.Flags && Pkru == other.Pkru
            && new ReadOnlySpan<byte>(_file, 16 * sizeof(ulong)).SequenceEqual(new ReadOnlySpan<byte>(other._file, 16 * sizeof(ulong)))
            && new ReadOnlySpan<byte>((byte*)_file + rest, sizeof(CpuFile) - rest).SequenceEqual(new ReadOnlySpan<byte>((byte*)other._file + rest, sizeof(CpuFile) - rest));
    }

    /// <inheritdoc/>
    public void Import(CpuState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (ParavirtualRegister.FirstInUse(state.Paravirtual) is { } register)
            throw StateRefusedException.For(EngineName, register);
        for (var i = 0; i < 16; i++)
            R[i] = state.Registers[i];
        R[16] = 0;
        Rip = state.Rip;
        (Gdtr, Idtr) = (state.Gdtr, state.Idtr);
        (Cr0, Cr2, Cr3, Cr4, Cr8) = (state.Cr0, state.Cr2, state.Cr3, state.Cr4, state.Cr8 & 0xF);
        (Xcr0, Pkru, Msr, Fpu) = (state.Xcr0, state.Pkru, state.Msr, state.Fpu);
        (Dr0, Dr1, Dr2, Dr3, Dr6, Dr7) = (state.Dr0, state.Dr1, state.Dr2, state.Dr3, state.Dr6, state.Dr7);
        (Pdpte0, Pdpte1, Pdpte2, Pdpte3) = (state.Pdpte0, state.Pdpte1, state.Pdpte2, state.Pdpte3);
        (Activity, StiShadow, MovSsShadow) = (state.Activity, state.StiShadow, state.MovSsShadow);
        (NmiBlocked, NmiPending) = (state.NmiBlocked, state.NmiPending);
        HasPending = state.Pending is not null;
        Pending = state.Pending.GetValueOrDefault();
        SetStatus((uint)state.Rflags);
        OtherFlags = ((uint)state.Rflags & ~Interpreter.Flags.Rflags.Status) | Interpreter.Flags.Rflags.Fixed;
        (Segments[0], Segments[1], Segments[2], Segments[3]) = (state.Es, state.Cs, state.Ss, state.Ds);
        (Segments[4], Segments[5], Segments[6], Segments[7]) = (state.Fs, state.Gs, state.Ldtr, state.Tr);

        _awaitsAnswer = false;
        HasPendingExit = false;
        _exitIsAfter = false;
        _answeringInstruction = false;
        _dataHits = 0;
        _repeatRip = Nowhere;
        IsMonitoring = false;
        ForgetAnswers();
        // All segments are new.
        _is64BitMode = false;
        UpdateMode();
        FlushTlb(TlbFlush.All);
        UpdateAttention();
    }
}
