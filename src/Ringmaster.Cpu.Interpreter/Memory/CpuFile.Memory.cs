using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>The fast path of memory accesses alone, for chained handlers.</summary>
internal unsafe partial struct CpuFile
{
    /// <summary>Whether a load can go straight to host memory.</summary>
    /// <param name="linear">The address.</param>
    /// <param name="addend">If so, what it is from the host's address.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool MayLoad<T>(ulong linear, out ulong addend) where T : unmanaged
    {
        var entry = Tlb + Interpreter.Memory.Tlb.IndexOf(linear);
        addend = entry->Addend;
        // As in Vcpu.ReadLinear: an access that crosses pages never matches.
        return ((linear + (ulong)(sizeof(T) - 1)) & ~0xFFFUL) == entry->ReadTag;
    }

    /// <summary>As <see cref="MayLoad{T}"/>, for a store.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool MayStore<T>(ulong linear, out ulong addend) where T : unmanaged
    {
        var entry = Tlb + Interpreter.Memory.Tlb.IndexOf(linear);
        addend = entry->Addend;
        return ((linear + (ulong)(sizeof(T) - 1)) & ~0xFFFUL) == entry->WriteTag;
    }

    /// <summary>As <see cref="MayLoad{T}"/>, for a load and then a store.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly bool MayUpdate<T>(ulong linear, out ulong addend) where T : unmanaged
    {
        var entry = Tlb + Interpreter.Memory.Tlb.IndexOf(linear);
        addend = entry->Addend;
        return ((linear + (ulong)(sizeof(T) - 1)) & ~0xFFFUL) == entry->WriteTag && entry->WriteTag == entry->ReadTag;
    }

    /// <summary>Loads what <see cref="MayLoad{T}"/> or <see cref="MayUpdate{T}"/> has allowed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Load<T>(ulong linear, ulong addend) where T : unmanaged =>
        // SAFETY: the tag says that all bytes lie in one page of guest memory that is mapped at the addend.
        Unsafe.ReadUnaligned<T>((byte*)(linear + addend));

    /// <summary>Stores where <see cref="MayStore{T}"/> or <see cref="MayUpdate{T}"/> has allowed it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<T>(ulong linear, ulong addend, T value) where T : unmanaged =>
        // SAFETY: as in Load.
        Unsafe.WriteUnaligned((byte*)(linear + addend), value);
}
