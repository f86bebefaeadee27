using Iced.Intel;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>REP STOS and REP MOVS: run by run as themselves; what is left, a fault for one, goes to the interpreter.</summary>
internal sealed partial class RegionTranslator
{
    private void EmitRepeat(in GuestInstruction instruction)
    {
        var (slow, back) = InPlaceAside(instruction);
        var size = instruction.Iced.MemorySize.GetSize();
        var moves = instruction.Kind == InstructionKind.RepeatMove;
        _code.Push(StringRequest(size, writes: true));
        if (moves)
            _code.Push(StringRequest(size, writes: false));
        _code.Call(_runtime.Repeat((int)_plan.Context.Mmu, size, moves));
        _code.JumpUnlessRcxZero(slow);
        _code.Bind(back);
    }

    private int StringRequest(int size, bool writes) => (int)FillRequest.Create(SlotPlace(StringSlot, writes), size, writes, isGroup: false).Word;
}
