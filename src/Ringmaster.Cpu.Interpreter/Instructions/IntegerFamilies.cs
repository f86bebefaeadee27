using Ringmaster.Cpu.Interpreter.Instructions.Integer;

namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>The families of integer instructions.</summary>
internal static class IntegerFamilies
{
    public static void Register(HandlerTable table)
    {
        BinaryInstructions.Register(table);
        UnaryInstructions.Register(table);
        MoveInstructions.Register(table);
        ConditionalInstructions.Register(table);
        BranchInstructions.Register(table);
        StackInstructions.Register(table);
        ShiftInstructions.Register(table);
        MultiplyInstructions.Register(table);
        BitInstructions.Register(table);
        ExchangeInstructions.Register(table);
        StringInstructions.Register(table);
        PortInstructions.Register(table);
        DecimalInstructions.Register(table);
        CarryAndNopInstructions.Register(table);
    }
}
