namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>Something may see the flags.</summary>
internal readonly struct Seen : IVisibility
{
    public static bool AreSeen => true;
}
