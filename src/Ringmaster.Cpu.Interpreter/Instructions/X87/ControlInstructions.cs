using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>
/// WAIT, FNOP, FNINIT, FNCLEX, FLDCW, FNSTCW, FNSTSW, and the operations of the 8087 and 80287 that later units ignore. The
/// waiting forms (FINIT, FSTCW, ...) are a WAIT and these: the decoder delivers two instructions.
/// </summary>
internal static unsafe class ControlInstructions
{
    // Bit 6 reads as one; the other reserved bits as zero.
    private const ushort ControlMask = 0x1F3F, ControlFixed = 0x40;

    public static void Register(HandlerTable table)
    {
        table.Add(Code.Wait, &Wait, Guard.Wait);
        table.Add(Code.Fnop, &NoOperation, Guard.X87);
        table.Add(Code.Fninit, &Initialize, Guard.X87);
        table.Add(Code.Fnclex, &ClearExceptions, Guard.X87);
        table.Add(Code.Fldcw_m2byte, &LoadControl, Guard.X87);
        table.Add(Code.Fnstcw_m2byte, &StoreControl, Guard.X87);
        table.Add(Code.Fnstsw_m2byte, &StoreStatus, Guard.X87);
        table.Add(Code.Fnstsw_AX, &StoreStatusToAx, Guard.X87);
        table.Add(Code.Fneni, &Ignored, Guard.X87);
        table.Add(Code.Fndisi, &Ignored, Guard.X87);
        table.Add(Code.Fnsetpm, &Ignored, Guard.X87);
    }

    /// <summary>A control word as the unit keeps it.</summary>
    public static ushort Control(ushort value) => (ushort)((value & ControlMask) | ControlFixed);

    /// <summary>What FNINIT does; also the second half of FNSAVE.</summary>
    public static void Initialize(ref FpuState fpu)
    {
        fpu.ControlWord = 0x37F;
        fpu.StatusWord = 0;
        fpu.TagWord = 0;
        fpu.LastOpcode = 0;
        fpu.LastInstruction = 0;
        fpu.LastData = 0;
        fpu.LastInstructionSelector = 0;
        fpu.LastDataSelector = 0;
    }

    private static Status Wait(Vcpu cpu, Op* op) => X87Unit.IsPending(cpu) ? X87Unit.RaisePending(cpu) : Status.Next;

    private static Status NoOperation(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        X87Unit.Note(cpu, op);
        return Status.Next;
    }

    private static Status Ignored(Vcpu cpu, Op* op) => Status.Next;

    private static Status Initialize(Vcpu cpu, Op* op)
    {
        Initialize(ref cpu.Fpu);
        return Status.Next;
    }

    private static Status ClearExceptions(Vcpu cpu, Op* op)
    {
        cpu.Fpu.StatusWord &= X87Status.Conditions | X87Status.Top;
        return Status.Next;
    }

    private static Status LoadControl(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        if (!cpu.Read(op, out ushort value))
            return cpu.FaultOrExit;
        cpu.Fpu.ControlWord = Control(value);
        new X87Stack(ref cpu.Fpu).UpdateSummary();
        return Status.Next;
    }

    private static Status StoreControl(Vcpu cpu, Op* op) => cpu.Write(op, cpu.Fpu.ControlWord) ? Status.Next : cpu.FaultOrExit;

    private static Status StoreStatus(Vcpu cpu, Op* op) => cpu.Write(op, cpu.Fpu.StatusWord) ? Status.Next : cpu.FaultOrExit;

    private static Status StoreStatusToAx(Vcpu cpu, Op* op)
    {
        cpu.SetReg(RegisterFile.Rax, cpu.Fpu.StatusWord);
        return Status.Next;
    }
}
