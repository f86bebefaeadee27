using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Emission;
using Ringmaster.Cpu.Translator.Execution;

namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// Instructions that lead to code of another privilege level. They go where the vCPU's area says: to a routine that does what the
/// interpreter has done the last time, as long as all that it depends on is as it was, or else out.
/// </summary>
internal sealed partial class RegionTranslator
{
    private void EmitSystemCall(in GuestInstruction instruction)
    {
        EmitLinear(HostRegister.R14, ReturnAddressOf(instruction));
        EmitLevelChange(ExitKind.SystemCall, instruction, Area.SystemCallEntry);
    }

    private void EmitInterruptReturn(in GuestInstruction instruction, int number)
    {
        var frame = EmitAccess(instruction, number, instruction.Access!.Value);
        Release(HostRegister.R14);
        _code.Lea(HostRegister.R14, frame);
        EmitExitNumber(new ExitPoint(ExitKind.Interpret, OffsetOf(RipOf(instruction))) { Code = instruction.Iced.Code });
        _code.Jump(_runtime.InterruptReturn);
    }

    private void EmitLevelChange(ExitKind kind, in GuestInstruction instruction, int entry)
    {
        EmitExitNumber(new ExitPoint(kind, OffsetOf(RipOf(instruction))) { Code = instruction.Iced.Code });
        _code.Jump(Address.Area(entry));
    }
}
