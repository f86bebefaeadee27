namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>Nothing sees the flags.</summary>
internal readonly struct Unseen : IVisibility
{
    public static bool AreSeen => false;
}
