using System.Runtime.CompilerServices;

namespace Ringmaster.Cpu.Interpreter.Instructions.Integer;

/// <summary>Locked read-modify-write on guest memory that other vCPUs share.</summary>
internal static unsafe class Atomic
{
    /// <summary>Stores a new value if memory still holds the old one, atomically.</summary>
    /// <param name="host">The operand in host memory; all of it lies in one page.</param>
    /// <param name="expected">The old value; on failure it receives the present one.</param>
    /// <param name="value">The new value.</param>
    /// <returns>Whether it was stored.</returns>
    public static bool TryReplace<T>(byte* host, ref T expected, T value) where T : unmanaged
    {
        // SAFETY: host points at an operand of type T in guest RAM. The host's own locked instructions serve unaligned
        // operands too, as the guest's would.
        T found;
        if (typeof(T) == typeof(byte))
            found = As<byte, T>(Interlocked.CompareExchange(ref *host, As<T, byte>(value), As<T, byte>(expected)));
        else if (typeof(T) == typeof(ushort))
            found = As<ushort, T>(Interlocked.CompareExchange(ref *(ushort*)host, As<T, ushort>(value), As<T, ushort>(expected)));
        else if (typeof(T) == typeof(uint))
            found = As<uint, T>(Interlocked.CompareExchange(ref *(uint*)host, As<T, uint>(value), As<T, uint>(expected)));
        else
            found = As<ulong, T>(Interlocked.CompareExchange(ref *(ulong*)host, As<T, ulong>(value), As<T, ulong>(expected)));
        if (EqualityComparer<T>.Default.Equals(found, expected))
            return true;
        expected = found;
        return false;
    }

    private static TTo As<TFrom, TTo>(TFrom value) where TFrom : unmanaged where TTo : unmanaged => Unsafe.BitCast<TFrom, TTo>(value);
}
