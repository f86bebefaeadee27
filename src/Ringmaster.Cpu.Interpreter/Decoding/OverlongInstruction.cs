using Iced.Intel;

namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>Tells an instruction of more than fifteen bytes from an invalid one of exactly fifteen, which the decoder calls the same.</summary>
internal static class OverlongInstruction
{
    /// <summary>Whether fifteen bytes that are no instruction are the beginning of a longer one.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="bitness">16, 32 or 64.</param>
    /// <param name="options">How they are read.</param>
    public static bool GoesOn(ReadOnlySpan<byte> bytes, int bitness, DecoderOptions options)
    {
        // No instruction has fifteen bytes without a prefix that could be left out. Without it, one that is too long runs
        // out of bytes.
        var dispensable = FindDispensable(bytes);
        if (dispensable < 0)
            return true;
        byte[] shorter = [.. bytes[..dispensable], .. bytes[(dispensable + 1)..]];
        var decoder = Decoder.Create(bitness, shorter, options);
        decoder.Decode(out _);
        return decoder.LastError == DecoderError.NoMoreBytes;
    }

    // A segment prefix or LOCK changes no length; of two equal prefixes one is enough.
    private static int FindDispensable(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            switch (bytes[i])
            {
                case 0x26 or 0x2E or 0x36 or 0x3E or 0x64 or 0x65 or 0xF0:
                    return i;
                case 0x66 or 0x67 or 0xF2 or 0xF3:
                    if (bytes[..i].Contains(bytes[i]))
                        return i;
                    break;
                default:
                    return -1;
            }
        }
        return -1;
    }
}
