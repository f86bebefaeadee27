using System.Runtime.InteropServices;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>The 28-byte formats of the x87 environment (SDM 1 figures 8-9 and 8-10).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct X87Environment32 : IX87Environment<X87Environment32>
{
    // Reserved halves of words are stored as ones.
    private const uint Reserved = 0xFFFF_0000;

    private uint _control, _status, _tags, _instruction, _instructionHigh, _data, _dataHigh;

    public static X87Environment32 From(in FpuState fpu, bool realFormat)
    {
        var instruction = (uint)fpu.LastInstruction + ((uint)fpu.LastInstructionSelector << 4);
        var data = (uint)fpu.LastData + ((uint)fpu.LastDataSelector << 4);
        var opcode = fpu.LastOpcode & 0x7FFu;
        return new X87Environment32
        {
            _control = Reserved | fpu.ControlWord,
            _status = Reserved | fpu.StatusWord,
            _tags = Reserved | TagWord.Full(fpu),
            _instruction = realFormat ? Reserved | (instruction & 0xFFFF) : (uint)fpu.LastInstruction,
            _instructionHigh = realFormat ? (instruction >> 4 & 0x0FFF_F000) | opcode : (opcode << 16) | fpu.LastInstructionSelector,
            _data = realFormat ? Reserved | (data & 0xFFFF) : (uint)fpu.LastData,
            _dataHigh = realFormat ? data >> 4 & 0x0FFF_F000 : Reserved | fpu.LastDataSelector,
        };
    }

    public readonly void Into(ref FpuState fpu, bool realFormat)
    {
        fpu.ControlWord = ControlInstructions.Control((ushort)_control);
        fpu.StatusWord = (ushort)_status;
        fpu.TagWord = TagWord.Abridged((ushort)_tags);
        fpu.LastInstruction = realFormat ? (_instruction & 0xFFFF) | ((_instructionHigh & 0x0FFF_F000) << 4) : _instruction;
        fpu.LastData = realFormat ? (_data & 0xFFFF) | ((_dataHigh & 0x0FFF_F000) << 4) : _data;
        fpu.LastInstructionSelector = realFormat ? (ushort)0 : (ushort)_instructionHigh;
        fpu.LastDataSelector = realFormat ? (ushort)0 : (ushort)_dataHigh;
        fpu.LastOpcode = (ushort)((realFormat ? _instructionHigh : _instructionHigh >> 16) & 0x7FF);
    }
}
