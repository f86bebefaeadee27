namespace Ringmaster.Cpu.Interpreter.Instructions.Simd.Crypto;

/// <summary>The substitution boxes of AES, from their definition (FIPS 197 5.1.1, 5.3.2).</summary>
internal static class AesTables
{
    private static readonly byte[] s_forward = ComputeForward();
    private static readonly byte[] s_inverse = ComputeInverse();

    /// <summary>SubBytes.</summary>
    public static byte Substitute(byte value) => s_forward[value];

    /// <summary>InvSubBytes.</summary>
    public static byte InverseSubstitute(byte value) => s_inverse[value];

    private static byte[] ComputeForward()
    {
        var box = new byte[256];
        for (var value = 0; value < 256; value++)
        {
            var inverse = BinaryField.Inverse((byte)value);
            var sum = 0x63;
            for (var i = 0; i < 5; i++)
                sum ^= (byte)(inverse << i | inverse >> (8 - i));
            box[value] = (byte)sum;
        }
        return box;
    }

    private static byte[] ComputeInverse()
    {
        var box = new byte[256];
        for (var value = 0; value < 256; value++)
            box[s_forward[value]] = (byte)value;
        return box;
    }
}
