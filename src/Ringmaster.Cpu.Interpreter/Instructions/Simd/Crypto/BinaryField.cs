namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Crypto;

/// <summary>The field GF(2^8) modulo x^8 + x^4 + x^3 + x + 1, which AES and GFNI use (FIPS 197 4.2).</summary>
internal static class BinaryField
{
    private static readonly byte[] s_inverses = ComputeInverses();

    /// <summary>The multiplicative inverse; zero for zero.</summary>
    public static byte Inverse(byte value) => s_inverses[value];

    /// <summary>The product.</summary>
    public static byte Multiply(byte left, byte right)
    {
        var product = 0;
        int shifted = left;
        for (var bits = (int)right; bits != 0; bits >>= 1)
        {
            if ((bits & 1) != 0)
                product ^= shifted;
            shifted <<= 1;
            if ((shifted & 0x100) != 0)
                shifted ^= 0x11B;
        }
        return (byte)product;
    }

    private static byte[] ComputeInverses()
    {
        var inverses = new byte[256];
        for (var value = 1; value < 256; value++)
        {
            // The group has 255 elements, so the 254th power is the inverse.
            byte power = 1;
            for (var i = 0; i < 254; i++)
                power = Multiply(power, (byte)value);
            inverses[value] = power;
        }
        return inverses;
    }
}
