namespace Ringmaster.Differential.Tests.Generation;

/// <summary>Encodings that the decoder rejects and the host may carry out.</summary>
internal static class UnknownEncodings
{
    /// <summary>Whether bytes that are no instruction to the decoder may be one to the host.</summary>
    public static bool MayMeanSomething(ReadOnlySpan<byte> bytes, bool is32Bit)
    {
        var at = PrefixLength(bytes, is32Bit);
        var opcode = bytes[at];
        // EVEX and XOP belong to extensions that the guest does not have; FS and GS are the oracle's.
        return opcode is 0x62 or 0x8F || IsMaskInstruction(bytes[at..]) || IsLockedVerw(bytes, at) || bytes[..at].ContainsAny((byte)0x64, (byte)0x65);
    }

    // LOCK before VERW is an invalid opcode (SDM 2A LOCK, APM 3 VERW). Processors whose microcode makes VERW with a memory operand clear
    // buffers carry it out: seen on an EPYC of family 25, model 17.
    private static bool IsLockedVerw(ReadOnlySpan<byte> bytes, int at)
    {
        const byte lockPrefix = 0xF0;
        return bytes[..at].Contains(lockPrefix) && bytes[at..] is [0x0F, 0x00, var modRm, ..] && (modRm >> 3 & 7) == 5 && modRm < 0xC0;
    }

    // The instructions of AVX-512 on mask registers, which the guest does not have (SDM 2A KADDW and the others with K).
    // To the decoder one that names a ninth mask register or a later one is invalid; AMD's processors ignore that bit.
    private static bool IsMaskInstruction(ReadOnlySpan<byte> bytes)
    {
        var (map, opcode) = bytes switch
        {
            [0xC5, _, var second, ..] => (1, second),
            [0xC4, var first, _, var third, ..] => (first & 0x1F, third),
            _ => (0, (byte)0),
        };
        return map switch
        {
            1 => opcode is (>= 0x41 and <= 0x4B) or (>= 0x90 and <= 0x93) or 0x98 or 0x99,
            3 => opcode is >= 0x30 and <= 0x33,
            _ => false,
        };
    }

    /// <summary>How many prefixes there are, fifteen at most.</summary>
    public static int PrefixLength(ReadOnlySpan<byte> bytes, bool is32Bit)
    {
        var at = 0;
        while (at < 15 && IsPrefix(bytes[at], is32Bit))
            at++;
        return at;
    }

    private static bool IsPrefix(byte value, bool is32Bit) =>
        value is 0x66 or 0x67 or 0xF0 or 0xF2 or 0xF3 or 0x26 or 0x2E or 0x36 or 0x3E or 0x64 or 0x65 || (!is32Bit && (value & 0xF0) == 0x40);
}
