using Ringmaster.Cpu;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Models;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Tests.Running;

/// <summary>An engine whose vCPU follows a script.</summary>
internal sealed class ScriptedEngine(Func<ScriptedVcpu, IEnumerable<Ringmaster.Cpu.Exits.VmExit>> script) : IEngine
{
    public string Name => "scripted";

    public EngineFeatures Features { get; } = new InterpreterEngine().Features;

    public ScriptedVcpu Vcpu { get; private set; } = new(new VcpuIndex(0));

    public bool IsDisposed { get; private set; }

    public IVirtualCpu CreateVcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup) => Vcpu = new ScriptedVcpu(index) { Script = script };

    public void Dispose() => IsDisposed = true;
}
