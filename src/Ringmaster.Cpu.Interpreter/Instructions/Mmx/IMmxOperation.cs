namespace Ringmaster.Cpu.Interpreter.Instructions.Mmx;

/// <summary>An operation on two MMX operands.</summary>
internal interface IMmxOperation
{
    static abstract ulong Apply(ulong left, ulong right);
}
