namespace Ringmaster.Cpu.Interpreter.Instructions.Chained;

/// <summary>Whether anything sees the flags that an operation leaves.</summary>
internal interface IVisibility
{
    static abstract bool AreSeen { get; }
}
