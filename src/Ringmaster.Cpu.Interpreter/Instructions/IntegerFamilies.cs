namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>The families of integer instructions.</summary>
internal static class IntegerFamilies
{
    public static void Register(HandlerTable table)
    {
    }
}
