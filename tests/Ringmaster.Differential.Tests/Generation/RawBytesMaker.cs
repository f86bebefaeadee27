using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Differential.Tests.Cases;

namespace Ringmaster.Differential.Tests.Generation;

/// <summary>
/// Makes instructions from random prefixes and opcode bytes: encodings that no assembler makes, invalid and over-long ones
/// included.
/// </summary>
internal sealed class RawBytesMaker
{
    private static readonly byte[] s_prefixes = [0x66, 0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x2E, 0x36, 0x3E, 0x26];

    private readonly Dice _dice;
    private readonly InstructionSet _instructionSet;
    private readonly CodeCatalog _catalog;
    private readonly bool _is32Bit;
    private readonly byte[] _bytes = new byte[24];
    private readonly ByteArrayCodeReader _reader;
    private readonly Decoder _decoder;

    public RawBytesMaker(Dice dice, InstructionSet instructionSet, CodeCatalog catalog, bool is32Bit)
    {
        _dice = dice;
        _instructionSet = instructionSet;
        _catalog = catalog;
        _is32Bit = is32Bit;
        _reader = new ByteArrayCodeReader(_bytes);
        _decoder = Decoder.Create(is32Bit ? 32 : 64, _reader, instructionSet.DecoderOptions);
    }

    /// <summary>Makes one instruction.</summary>
    /// <returns>Null if the bytes drawn must not be run, or mean what only the host has.</returns>
    public CaseInstruction? TryMake()
    {
        for (var i = 0; i < _bytes.Length; i += 8)
            BitConverter.TryWriteBytes(_bytes.AsSpan(i), _dice.Next());
        WriteOpcode(WritePrefixes());
        _reader.Position = 0;
        _decoder.IP = 0;
        _decoder.Decode(out var instruction);
        return instruction.IsInvalid ? MakeInvalid(instruction) : MakeValid(instruction);
    }

    private int WritePrefixes()
    {
        var count = _dice.Percent(3) ? _dice.Between(10, 15) : _dice.Below(4);
        for (var i = 0; i < count; i++)
            _bytes[i] = _dice.Pick<byte>(s_prefixes);
        if (!_is32Bit && _dice.Percent(40))
            _bytes[count++] = (byte)(0x40 | _dice.Below(16));
        return count;
    }

    private void WriteOpcode(int at)
    {
        switch (_dice.Below(10))
        {
            case < 3:
                _bytes[at] = 0x0F;
                break;
            case 3:
                (_bytes[at], _bytes[at + 1]) = (0x0F, _dice.Percent(60) ? (byte)0x38 : (byte)0x3A);
                break;
            case 4:
                // VEX; its second byte decides about the map.
                _bytes[at] = _dice.Percent(50) ? (byte)0xC5 : (byte)0xC4;
                if (_bytes[at] == 0xC4)
                    _bytes[at + 1] = (byte)((_bytes[at + 1] & 0xE0) | _dice.Between(1, 3));
                break;
            case 5:
                // x87.
                _bytes[at] = (byte)(0xD8 + _dice.Below(8));
                break;
        }
    }

    private CaseInstruction? MakeValid(in Instruction instruction)
    {
        if (Exclusions.Contains(instruction, _is32Bit) || Exclusions.IsTranscendental(instruction) || !_instructionSet.Has(instruction.Code))
            return null;
        var hasMemory = Enumerable.Range(0, instruction.OpCount).Any(IsMemory(instruction));
        if (!_catalog.Has(instruction.Code, hasMemory))
            return null;
        // A raw branch has no target among the instructions, so it must lead far away from them.
        if (instruction.Op0Kind is OpKind.NearBranch32 or OpKind.NearBranch64 && Math.Abs((long)(int)instruction.NearBranchTarget) < 512)
            return null;
        // F3 90 with REX.B is XCHG with R8 to processors and PAUSE to the decoder.
        if (instruction.Code == Code.Pause && !_is32Bit)
            return null;
        // Repeat prefixes are reserved here (SDM 2A 2.1.1); on AMD's processors they choose the condition.
        if (instruction.Code.IsLoopcc() && (instruction.HasRepPrefix || instruction.HasRepnePrefix))
            return null;
        // VEX.W, which makes VPINSRQ and VPEXTRQ of them, is ignored outside 64-bit mode (SDM 2B PINSRD, PEXTRD: note 2); AMD's
        // processors raise #UD there.
        if (_is32Bit && instruction.Code is Code.VEX_Vpinsrd_xmm_xmm_rm32_imm8 or Code.VEX_Vpextrd_rm32_xmm_imm8)
            return null;
        return new CaseInstruction(instruction, Raw: [.. _bytes.AsSpan(0, instruction.Length)]);
    }

    private static Func<int, bool> IsMemory(Instruction instruction) => i => instruction.GetOpKind(i) == OpKind.Memory;

    private CaseInstruction? MakeInvalid(in Instruction instruction)
    {
        // Some encodings that Iced calls invalid are instructions of the host.
        return UnknownEncodings.MayMeanSomething(_bytes, _is32Bit) ? null : new CaseInstruction(instruction, Raw: [.. _bytes.AsSpan(0, 16)]);
    }
}
