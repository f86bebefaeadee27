using System.Runtime.CompilerServices;
using Ringmaster.Host;

namespace Ringmaster.Cpu.Interpreter.Memory;

/// <summary>LOCKed read-modify-writes of guest memory with the host's own.</summary>
internal static unsafe class Atomic
{
    private const int CacheLine = 64;

    /// <summary>
    /// Whether the host can replace an operand at once. Hosts can also do so across two cache lines, but some make it take
    /// milliseconds, and some end a process that tries (split lock detection).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool CanReplace<T>(byte* host) where T : unmanaged =>
        sizeof(T) == 16 ? WideExchange.IsSupported && ((nuint)host & 15) == 0 : ((nuint)host & (CacheLine - 1)) + (nuint)sizeof(T) <= CacheLine;

    /// <summary>Stores a new value if memory still holds the old one, atomically.</summary>
    /// <param name="host">The operand in host memory, where <see cref="CanReplace"/>.</param>
    /// <param name="expected">The old value; on failure it receives the present one.</param>
    /// <param name="value">The new value.</param>
    /// <returns>Whether it was stored.</returns>
    public static bool TryReplace<T>(byte* host, ref T expected, T value) where T : unmanaged
    {
        // SAFETY: host points at an operand of type T in guest RAM.
        T found;
        if (typeof(T) == typeof(byte))
            found = As<byte, T>(Interlocked.CompareExchange(ref *host, As<T, byte>(value), As<T, byte>(expected)));
        else if (typeof(T) == typeof(ushort))
            found = As<ushort, T>(Interlocked.CompareExchange(ref *(ushort*)host, As<T, ushort>(value), As<T, ushort>(expected)));
        else if (typeof(T) == typeof(uint))
            found = As<uint, T>(Interlocked.CompareExchange(ref *(uint*)host, As<T, uint>(value), As<T, uint>(expected)));
        else if (typeof(T) == typeof(UInt128))
            return WideExchange.TryReplace((UInt128*)host, ref Unsafe.As<T, UInt128>(ref expected), As<T, UInt128>(value));
        else
            found = As<ulong, T>(Interlocked.CompareExchange(ref *(ulong*)host, As<T, ulong>(value), As<T, ulong>(expected)));
        if (EqualityComparer<T>.Default.Equals(found, expected))
            return true;
        expected = found;
        return false;
    }

    private static TTo As<TFrom, TTo>(TFrom value) where TFrom : unmanaged where TTo : unmanaged => Unsafe.BitCast<TFrom, TTo>(value);
}
