using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.FloatingPoint;

namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>FIST, FISTP, FISTTP and FBSTP.</summary>
internal static unsafe class IntegerStores
{
    public static void Register(HandlerTable table)
    {
        table.Add(Code.Fist_m16int, &Store16, Guard.X87);
        table.Add(Code.Fist_m32int, &Store32, Guard.X87);
        table.Add(Code.Fistp_m16int, &Store16AndPop, Guard.X87);
        table.Add(Code.Fistp_m32int, &Store32AndPop, Guard.X87);
        table.Add(Code.Fistp_m64int, &Store64AndPop, Guard.X87);
        table.Add(Code.Fisttp_m16int, &Truncate16AndPop, Guard.X87);
        table.Add(Code.Fisttp_m32int, &Truncate32AndPop, Guard.X87);
        table.Add(Code.Fisttp_m64int, &Truncate64AndPop, Guard.X87);
        table.Add(Code.Fbstp_m80bcd, &DecimalAndPop, Guard.X87);
    }

    private static Status Store16(Vcpu cpu, Op* op) => Store(cpu, op, 16, truncate: false, pop: false);

    private static Status Store32(Vcpu cpu, Op* op) => Store(cpu, op, 32, truncate: false, pop: false);

    private static Status Store16AndPop(Vcpu cpu, Op* op) => Store(cpu, op, 16, truncate: false, pop: true);

    private static Status Store32AndPop(Vcpu cpu, Op* op) => Store(cpu, op, 32, truncate: false, pop: true);

    private static Status Store64AndPop(Vcpu cpu, Op* op) => Store(cpu, op, 64, truncate: false, pop: true);

    private static Status Truncate16AndPop(Vcpu cpu, Op* op) => Store(cpu, op, 16, truncate: true, pop: true);

    private static Status Truncate32AndPop(Vcpu cpu, Op* op) => Store(cpu, op, 32, truncate: true, pop: true);

    private static Status Truncate64AndPop(Vcpu cpu, Op* op) => Store(cpu, op, 64, truncate: true, pop: true);

    private static Status Store(Vcpu cpu, Op* op, int bits, bool truncate, bool pop)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        var stack = new X87Stack(ref cpu.Fpu);
        var context = stack.Context;
        if (stack.IsEmpty(0))
        {
            return bits switch
            {
                16 => StoreInstructions.FinishEmpty(cpu, op, short.MinValue, pop),
                32 => StoreInstructions.FinishEmpty(cpu, op, int.MinValue, pop),
                _ => StoreInstructions.FinishEmpty(cpu, op, long.MinValue, pop),
            };
        }
        var rounding = truncate ? FloatRounding.Zero : context.Rounding;
        var integer = SoftFloat.ToInteger(stack.Value(0), bits, rounding, ref context);
        return bits switch
        {
            16 => StoreInstructions.Finish(cpu, op, (short)integer, context, pop),
            32 => StoreInstructions.Finish(cpu, op, (int)integer, context, pop),
            _ => StoreInstructions.Finish(cpu, op, integer, context, pop),
        };
    }

    private static Status DecimalAndPop(Vcpu cpu, Op* op)
    {
        if (X87Unit.IsPending(cpu))
            return X87Unit.RaisePending(cpu);
        var stack = new X87Stack(ref cpu.Fpu);
        var indefinite = TenBytes.DecimalIndefinite;
        if (stack.IsEmpty(0))
            return StoreInstructions.FinishEmpty(cpu, op, indefinite, pop: true);
        var context = stack.Context;
        var value = stack.Value(0);
        var integer = SoftFloat.ToInteger(value, 64, context.Rounding, ref context);
        var magnitude = integer < 0 ? (ulong)-integer : (ulong)integer;
        if ((context.Raised & FloatExceptions.Invalid) != 0 || magnitude >= PackedDecimal.Limit)
        {
            context.Raised = FloatExceptions.Invalid;
            context.RoundedUp = false;
            return StoreInstructions.Finish(cpu, op, indefinite, context, pop: true);
        }
        var (low, high) = PackedDecimal.FromMagnitude(magnitude);
        return StoreInstructions.Finish(cpu, op, new TenBytes(low, (ushort)(high | (value.Sign ? 0x8000 : 0))), context, pop: true);
    }
}
