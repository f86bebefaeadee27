namespace Ringmaster.Cpu.Interpreter.Instructions.StateSaving;

/// <summary>The families of instructions that save and restore processor state.</summary>
internal static class StateSavingFamilies
{
    public static void Register(HandlerTable table)
    {
        FxsaveInstructions.Register(table);
        MxcsrInstructions.Register(table);
        ExtendedControl.Register(table);
        XsaveInstructions.Register(table);
        XrstorInstructions.Register(table);
    }
}
