namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Delivery through the interrupt descriptor table.</summary>
internal sealed unsafe partial class Vcpu
{
    private void DeliverPending()
    {
        HasPending = false;
    }
}
