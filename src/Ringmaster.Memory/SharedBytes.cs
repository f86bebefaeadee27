using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ringmaster.Memory;

/// <summary>
/// Copies from and to memory that others use at the same time, as processors and devices do: every byte is loaded and stored
/// once, and 1, 2, 4, 8 or 16 bytes go in one piece, so that aligned ones are never seen half old and half new. The runtime's own
/// copies promise neither: some of their bytes go twice.
/// </summary>
public static unsafe class SharedBytes
{
    /// <summary>Loads bytes.</summary>
    public static void Load(byte* source, Span<byte> destination)
    {
        // SAFETY: the span's bytes stay where they are while they are pinned, and the caller vouches for as many at the source.
        fixed (byte* to = destination)
            Copy(source, to, (nuint)destination.Length);
    }

    /// <summary>Stores bytes.</summary>
    public static void Store(byte* destination, ReadOnlySpan<byte> source)
    {
        // SAFETY: as in Load.
        fixed (byte* from = source)
            Copy(from, destination, (nuint)source.Length);
    }

    /// <summary>Copies bytes upwards. The destination must not begin inside the source, behind its first byte.</summary>
    /// <param name="source">The first byte.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="length">How many; runs of elements of 2, 4 or 8 bytes are not torn if the length is a multiple of theirs.</param>
    public static void Copy(byte* source, byte* destination, nuint length)
    {
        switch (length)
        {
            case 1:
                *destination = *source;
                return;
            case 2:
                Move<ushort>(source, destination);
                return;
            case 4:
                Move<uint>(source, destination);
                return;
            case 8:
                Move<ulong>(source, destination);
                return;
            case 16:
                Move<Vector128<byte>>(source, destination);
                return;
        }
        nuint done = 0;
        for (; done + 64 <= length; done += 64)
        {
            Move<Vector256<byte>>(source + done, destination + done);
            Move<Vector256<byte>>(source + done + 32, destination + done + 32);
        }
        for (; done + 8 <= length; done += 8)
            Move<ulong>(source + done, destination + done);
        if (((length - done) & 4) != 0)
        {
            Move<uint>(source + done, destination + done);
            done += 4;
        }
        if (((length - done) & 2) != 0)
        {
            Move<ushort>(source + done, destination + done);
            done += 2;
        }
        if (done != length)
            destination[done] = source[done];
    }

    /// <summary>Stores an element again and again.</summary>
    /// <typeparam name="T">1, 2, 4 or 8 bytes.</typeparam>
    public static void Fill<T>(byte* destination, T value, int count) where T : unmanaged
    {
        var pattern = PatternOf(value);
        var (length, done) = (count * sizeof(T), 0);
        for (; done + 32 <= length; done += 32)
            Unsafe.WriteUnaligned(destination + done, pattern);
        for (; done < length; done += sizeof(T))
            Unsafe.WriteUnaligned(destination + done, value);
    }

    private static Vector256<byte> PatternOf<T>(T value) where T : unmanaged => sizeof(T) switch
    {
        1 => Vector256.Create(Unsafe.BitCast<T, byte>(value)),
        2 => Vector256.Create(Unsafe.BitCast<T, ushort>(value)).AsByte(),
        4 => Vector256.Create(Unsafe.BitCast<T, uint>(value)).AsByte(),
        _ => Vector256.Create(Unsafe.BitCast<T, ulong>(value)).AsByte(),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move<T>(byte* source, byte* destination) where T : unmanaged =>
        Unsafe.WriteUnaligned(destination, Unsafe.ReadUnaligned<T>(source));
}
