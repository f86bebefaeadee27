using System.Runtime.CompilerServices;
using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>FNSTENV, FLDENV, FNSAVE and FRSTOR in their 16- and 32-bit formats.</summary>
internal static unsafe class EnvironmentInstructions
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Fnstenv_m14byte, &Store<X87Environment16>, Guard.X87);
        table.Add(Code.Fnstenv_m28byte, &Store<X87Environment32>, Guard.X87);
        table.Add(Code.Fldenv_m14byte, &Load<X87Environment16>, Guard.X87);
        table.Add(Code.Fldenv_m28byte, &Load<X87Environment32>, Guard.X87);
        table.Add(Code.Fnsave_m94byte, &Save<X87Environment16>, Guard.X87);
        table.Add(Code.Fnsave_m108byte, &Save<X87Environment32>, Guard.X87);
        table.Add(Code.Frstor_m94byte, &Restore<X87Environment16>, Guard.X87);
        table.Add(Code.Frstor_m108byte, &Restore<X87Environment32>, Guard.X87);
    }

    private static Status Store<T>(Vcpu cpu, Op* op) where T : unmanaged, IX87Environment<T>
    {
        if (!cpu.Write(op, T.From(cpu.Fpu, !cpu.IsProtectedNotVirtual)))
            return cpu.FaultOrExit;
        // All exceptions become masked (SDM 2A FSTENV).
        cpu.Fpu.ControlWord |= X87Status.Exceptions;
        new X87Stack(ref cpu.Fpu).UpdateSummary();
        return Status.Next;
    }

    private static Status Load<T>(Vcpu cpu, Op* op) where T : unmanaged, IX87Environment<T>
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        if (!cpu.Read(op, out T environment))
            return cpu.FaultOrExit;
        Load(cpu, environment);
        return Status.Next;
    }

    private static Status Save<T>(Vcpu cpu, Op* op) where T : unmanaged, IX87Environment<T>
    {
        var image = new Image<T> { Environment = T.From(cpu.Fpu, !cpu.IsProtectedNotVirtual) };
        var stack = new X87Stack(ref cpu.Fpu);
        for (var i = 0; i < 8; i++)
            image.Registers[i] = new TenBytes(stack[i].Significand, stack[i].SignExponent);
        if (!cpu.Write(op, image))
            return cpu.FaultOrExit;
        ControlInstructions.Initialize(ref cpu.Fpu);
        return Status.Next;
    }

    private static Status Restore<T>(Vcpu cpu, Op* op) where T : unmanaged, IX87Environment<T>
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        if (!cpu.Read(op, out Image<T> image))
            return cpu.FaultOrExit;
        Load(cpu, image.Environment);
        var top = new X87Stack(ref cpu.Fpu).Top;
        for (var i = 0; i < 8; i++)
            cpu.Fpu.Registers[(top + i) & 7] = new FloatRegister(image.Registers[i].Low, image.Registers[i].High);
        return Status.Next;
    }

    private static void Load<T>(Vcpu cpu, in T environment) where T : unmanaged, IX87Environment<T>
    {
        environment.Into(ref cpu.Fpu, !cpu.IsProtectedNotVirtual);
        if (cpu.Features.DeprecatesFcsFds)
            (cpu.Fpu.LastInstructionSelector, cpu.Fpu.LastDataSelector) = (0, 0);
        new X87Stack(ref cpu.Fpu).UpdateSummary();
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Pack = 1)]
    private struct Image<T> where T : unmanaged
    {
        public T Environment;
        public RegisterImages Registers;
    }

    [InlineArray(8)]
    private struct RegisterImages
    {
        private TenBytes _register;
    }
}
