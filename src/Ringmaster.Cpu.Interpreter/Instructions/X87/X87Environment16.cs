using System.Runtime.InteropServices;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>The 14-byte formats of the x87 environment (SDM 1 figures 8-11 and 8-12).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct X87Environment16 : IX87Environment<X87Environment16>
{
    private ushort _control, _status, _tags, _instruction, _instructionHigh, _data, _dataHigh;

    public static X87Environment16 From(in FpuState fpu, bool realFormat)
    {
        var instruction = fpu.LastInstruction + ((ulong)fpu.LastInstructionSelector << 4);
        var data = fpu.LastData + ((ulong)fpu.LastDataSelector << 4);
        return new X87Environment16
        {
            _control = fpu.ControlWord,
            _status = fpu.StatusWord,
            _tags = TagWord.Full(fpu),
            _instruction = (ushort)(realFormat ? instruction : fpu.LastInstruction),
            _instructionHigh = realFormat
                ? (ushort)((instruction >> 4 & 0xF000) | (fpu.LastOpcode & 0x7FFu)) : fpu.LastInstructionSelector,
            _data = (ushort)(realFormat ? data : fpu.LastData),
            _dataHigh = realFormat ? (ushort)(data >> 4 & 0xF000) : fpu.LastDataSelector,
        };
    }

    public readonly void Into(ref FpuState fpu, bool realFormat)
    {
        fpu.ControlWord = ControlInstructions.Control(_control);
        fpu.StatusWord = _status;
        fpu.TagWord = TagWord.Abridged(_tags);
        fpu.LastInstruction = realFormat ? _instruction | ((ulong)(_instructionHigh & 0xF000) << 4) : _instruction;
        fpu.LastData = realFormat ? _data | ((ulong)(_dataHigh & 0xF000) << 4) : _data;
        fpu.LastInstructionSelector = realFormat ? (ushort)0 : _instructionHigh;
        fpu.LastDataSelector = realFormat ? (ushort)0 : _dataHigh;
        fpu.LastOpcode = realFormat ? (ushort)(_instructionHigh & 0x7FF) : (ushort)0;
    }
}
