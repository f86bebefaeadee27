namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>The families of system instructions.</summary>
internal static class SystemFamilies
{
    public static void Register(HandlerTable table)
    {
    }
}
