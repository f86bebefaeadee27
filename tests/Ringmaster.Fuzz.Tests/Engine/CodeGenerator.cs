using Iced.Intel;

namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>
/// Streams of valid instructions: prefixes, opcode maps and operands are drawn until the decoder takes them. Branches stay
/// near, and registers are given addresses of RAM again and again, so that a stream goes on for longer than random bytes do.
/// </summary>
internal sealed class CodeGenerator(FuzzRandom random, int bits)
{
    private const int LongestInstruction = 15;
    private readonly byte[] _candidate = new byte[LongestInstruction + 1];

    /// <summary>Fills a range with instructions.</summary>
    public void Fill(Span<byte> code)
    {
        for (var at = 0; at < code.Length - LongestInstruction;)
        {
            var length = random.Below(8) switch
            {
                0 => PointRegister(code[at..]),
                1 when random.Chance(60) => Branch(code[at..]),
                _ => Any(code[at..]),
            };
            at += length;
        }
    }

    /// <summary>MOV r, imm with an address of data, code or anything.</summary>
    private int PointRegister(Span<byte> code)
    {
        var register = random.Pick(0, 1, 2, 3, 5, 6, 7);
        var value = random.Chance(85) ? Layout.Data + (ulong)random.Below(0x7000) : random.Chance(60) ? Layout.Code + (ulong)random.Below(0x2000) : random.Edgy();
        code[0] = (byte)(0xB8 + register);
        var size = bits == 16 ? 2 : 4;
        for (var i = 0; i < size; i++)
            code[1 + i] = (byte)(value >> (8 * i));
        return 1 + size;
    }

    /// <summary>A short branch: Jcc, LOOP, JMP.</summary>
    private int Branch(Span<byte> code)
    {
        code[0] = random.Below(6) switch { 0 => 0xEB, 1 => (byte)(0xE0 + random.Below(4)), _ => (byte)(0x70 + random.Below(16)) };
        code[1] = (byte)(random.Chance(70) ? random.Below(100) : random.Below(256));
        return 2;
    }

    private int Any(Span<byte> code)
    {
        for (var attempt = 0; attempt < 64; attempt++)
        {
            Draw();
            var decoder = Decoder.Create(bits, new ByteArrayCodeReader(_candidate));
            decoder.Decode(out var instruction);
            if (instruction.IsInvalid || (EndsSoon(instruction) && !random.Chance(6)))
                continue;
            _candidate.AsSpan(0, instruction.Length).CopyTo(code);
            return instruction.Length;
        }
        code[0] = 0x90;
        return 1;
    }

    private static bool EndsSoon(in Instruction instruction) =>
        instruction.FlowControl != FlowControl.Next || instruction.IsPrivileged || instruction.Mnemonic is Mnemonic.Popf or Mnemonic.Popfd
            or Mnemonic.Popfq or Mnemonic.Les or Mnemonic.Lds or Mnemonic.Lss or Mnemonic.Pop;

    private void Draw()
    {
        random.Fill(_candidate);
        var at = 0;
        if (random.Chance(25))
            _candidate[at++] = random.Pick<byte>(0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x2E, 0x36, 0x26, 0x64, 0x65);
        if (random.Chance(15))
            _candidate[at++] = random.Pick<byte>(0x66, 0xF2, 0xF3);
        if (bits == 64 && random.Chance(40))
            _candidate[at++] = (byte)(0x40 | random.Below(16));
        switch (random.Below(10))
        {
            case < 4:
                break;
            case < 7:
                _candidate[at] = 0x0F;
                break;
            case 7:
                (_candidate[at], _candidate[at + 1]) = (0x0F, random.Pick<byte>(0x38, 0x3A));
                break;
            case 8:
                // VEX, whose register field has ones where 16 and 32-bit code has LES and LDS.
                (_candidate[0], _candidate[1]) = (0xC5, (byte)(_candidate[1] | 0xC0));
                break;
            default:
                (_candidate[0], _candidate[1]) = (0xC4, (byte)(0xE0 | (1 + random.Below(3))));
                break;
        }
    }
}
