namespace Ringmaster.Cpu.Interpreter.Instructions.Mmx;

/// <summary>The SSSE3 operations, in portable code: they are rare in this form, and not every host has SSSE3.</summary>
internal static class MmxSupplemental
{
    private static int WordOf(ulong value, int i) => (short)(value >> (16 * i));

    private static int DwordOf(ulong value, int i) => (int)(value >> (32 * i));

    private static ulong Words(int a, int b, int c, int d) =>
        (ushort)a | (ulong)(ushort)b << 16 | (ulong)(ushort)c << 32 | (ulong)(ushort)d << 48;

    private static ulong Dwords(int a, int b) => (uint)a | (ulong)(uint)b << 32;

    private static int Saturate(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);

    private static int WithSignOf(int value, int sign) => sign < 0 ? -value : sign == 0 ? 0 : value;

    internal struct ShuffleBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right)
        {
            ulong result = 0;
            for (var i = 0; i < 64; i += 8)
            {
                var control = right >> i;
                result |= (control & 0x80) != 0 ? 0 : (left >> ((int)(control & 7) * 8) & 0xFF) << i;
            }
            return result;
        }
    }

    internal struct HorizontalAddWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => Words(
            WordOf(left, 0) + WordOf(left, 1), WordOf(left, 2) + WordOf(left, 3),
            WordOf(right, 0) + WordOf(right, 1), WordOf(right, 2) + WordOf(right, 3));
    }

    internal struct HorizontalAddDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) =>
            Dwords(DwordOf(left, 0) + DwordOf(left, 1), DwordOf(right, 0) + DwordOf(right, 1));
    }

    internal struct HorizontalAddSaturatedWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => Words(
            Saturate(WordOf(left, 0) + WordOf(left, 1)), Saturate(WordOf(left, 2) + WordOf(left, 3)),
            Saturate(WordOf(right, 0) + WordOf(right, 1)), Saturate(WordOf(right, 2) + WordOf(right, 3)));
    }

    internal struct HorizontalSubtractWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => Words(
            WordOf(left, 0) - WordOf(left, 1), WordOf(left, 2) - WordOf(left, 3),
            WordOf(right, 0) - WordOf(right, 1), WordOf(right, 2) - WordOf(right, 3));
    }

    internal struct HorizontalSubtractDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) =>
            Dwords(DwordOf(left, 0) - DwordOf(left, 1), DwordOf(right, 0) - DwordOf(right, 1));
    }

    internal struct HorizontalSubtractSaturatedWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => Words(
            Saturate(WordOf(left, 0) - WordOf(left, 1)), Saturate(WordOf(left, 2) - WordOf(left, 3)),
            Saturate(WordOf(right, 0) - WordOf(right, 1)), Saturate(WordOf(right, 2) - WordOf(right, 3)));
    }

    internal struct MultiplyAddUnsignedBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) =>
            Words(Sum(left, right, 0), Sum(left, right, 16), Sum(left, right, 32), Sum(left, right, 48));

        private static int Sum(ulong left, ulong right, int at) =>
            Saturate((byte)(left >> at) * (sbyte)(right >> at) + (byte)(left >> (at + 8)) * (sbyte)(right >> (at + 8)));
    }

    internal struct MultiplyHighRounded : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) =>
            Words(High(left, right, 0), High(left, right, 1), High(left, right, 2), High(left, right, 3));

        private static int High(ulong left, ulong right, int i) => ((WordOf(left, i) * WordOf(right, i) >> 14) + 1) >> 1;
    }

    internal struct SignBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right)
        {
            ulong result = 0;
            for (var i = 0; i < 64; i += 8)
                result |= (ulong)(byte)WithSignOf((sbyte)(left >> i), (sbyte)(right >> i)) << i;
            return result;
        }
    }

    internal struct SignWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => Words(
            WithSignOf(WordOf(left, 0), WordOf(right, 0)), WithSignOf(WordOf(left, 1), WordOf(right, 1)),
            WithSignOf(WordOf(left, 2), WordOf(right, 2)), WithSignOf(WordOf(left, 3), WordOf(right, 3)));
    }

    internal struct SignDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) =>
            Dwords(WithSignOf(DwordOf(left, 0), DwordOf(right, 0)), WithSignOf(DwordOf(left, 1), DwordOf(right, 1)));
    }

    internal struct AbsoluteBytes : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => SignBytes.Apply(right, right);
    }

    internal struct AbsoluteWords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => SignWords.Apply(right, right);
    }

    internal struct AbsoluteDwords : IMmxOperation
    {
        public static ulong Apply(ulong left, ulong right) => SignDwords.Apply(right, right);
    }
}
