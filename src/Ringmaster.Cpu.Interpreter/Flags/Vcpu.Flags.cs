using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>The flags, which are kept as <see cref="CpuFile"/> says.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>The last result, sign-extended to 64 bits.</summary>
    internal ref ulong FlagResult => ref _file->FlagResult;

    /// <summary>The carry word.</summary>
    internal ref uint FlagCarries => ref _file->FlagCarries;

    /// <summary>All flags but the arithmetic ones, with bit 1 set.</summary>
    internal ref uint OtherFlags => ref _file->OtherFlags;

    /// <summary>CF.</summary>
    internal bool CF
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _file->CF;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => _file->CF = value;
    }

    /// <summary>PF.</summary>
    internal bool PF => _file->PF;

    /// <summary>AF.</summary>
    internal bool AF
    {
        get => _file->AF;
        set => _file->AF = value;
    }

    /// <summary>ZF.</summary>
    internal bool ZF
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _file->ZF;
        set => _file->ZF = value;
    }

    /// <summary>OF.</summary>
    internal bool OF
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _file->OF;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => _file->OF = value;
    }

    /// <inheritdoc cref="CpuFile.SetCarryAndOverflow"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetCarryAndOverflow(bool carry, bool overflow) => _file->SetCarryAndOverflow(carry, overflow);

    /// <summary>The whole of RFLAGS.</summary>
    internal uint Flags => OtherFlags | GetStatus();

    /// <inheritdoc cref="CpuFile.GetStatus"/>
    internal uint GetStatus() => _file->GetStatus();

    /// <inheritdoc cref="CpuFile.SetStatus"/>
    internal void SetStatus(uint flags) => _file->SetStatus(flags);

    /// <inheritdoc cref="CpuFile.SetLogicFlags{T}(T)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetLogicFlags<T>(T result) where T : unmanaged, IBinaryInteger<T> => _file->SetLogicFlags(result);

    /// <inheritdoc cref="CpuFile.SetLogicFlags{T}(T, bool, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetLogicFlags<T>(T result, bool carry, bool overflow) where T : unmanaged, IBinaryInteger<T> =>
        _file->SetLogicFlags(result, carry, overflow);

    /// <inheritdoc cref="CpuFile.SetAddFlags{T}"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetAddFlags<T>(T left, T right, T result) where T : unmanaged, IBinaryInteger<T> => _file->SetAddFlags(left, right, result);

    /// <inheritdoc cref="CpuFile.SetSubtractFlags{T}"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetSubtractFlags<T>(T left, T right, T result) where T : unmanaged, IBinaryInteger<T> =>
        _file->SetSubtractFlags(left, right, result);

    /// <inheritdoc cref="CpuFile.SetFlagsButCarry{T}"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetFlagsButCarry<T>(T left, T right, T result, bool subtract) where T : unmanaged, IBinaryInteger<T> =>
        _file->SetFlagsButCarry(left, right, result, subtract);

    /// <inheritdoc cref="CpuFile.SignExtend{T}"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong SignExtend<T>(T value) where T : unmanaged => CpuFile.SignExtend(value);
}
