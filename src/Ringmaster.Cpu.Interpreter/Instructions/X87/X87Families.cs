namespace Ringmaster.Cpu.Interpreter.Instructions.X87;

/// <summary>The families of x87 instructions.</summary>
internal static class X87Families
{
    public static void Register(HandlerTable table)
    {
        ArithmeticInstructions.Register(table);
        LoadInstructions.Register(table);
        StoreInstructions.Register(table);
        CompareInstructions.Register(table);
        StackInstructions.Register(table);
        RemainderInstructions.Register(table);
        TranscendentalInstructions.Register(table);
        ControlInstructions.Register(table);
        EnvironmentInstructions.Register(table);
    }
}
