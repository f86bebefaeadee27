using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Models;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter;

/// <summary>The reference engine: carries out each instruction in C#. Works on every host.</summary>
public sealed unsafe class InterpreterEngine : IEngine
{
    private readonly HandlerTable _handlers = HandlerTable.Create();

    /// <inheritdoc/>
    public string Name => "interpreter";

    /// <inheritdoc/>
    public EngineFeatures Features { get; } = InterpreterFeatures.Create();

    /// <inheritdoc/>
    public IVirtualCpu CreateVcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(setup);
        return new Vcpu(index, memory, setup, _handlers);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
