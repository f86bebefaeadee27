using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Interrupts;
using Ringmaster.Cpu.Models;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Tests.Running;

/// <summary>An engine whose vCPUs follow scripts, one each.</summary>
internal sealed class ScriptedEngine(IReadOnlyList<Func<ScriptedVcpu, IEnumerable<VmExit>>> scripts) : IEngine
{
    private readonly List<ScriptedVcpu> _vcpus = [];

    public string Name => "scripted";

    public EngineFeatures Features { get; } = new InterpreterEngine().Features;

    /// <summary>The local APICs, if the engine has them itself.</summary>
    public ScriptedFabric? Fabric { get; init; }

    /// <summary>The vCPUs made so far.</summary>
    public IReadOnlyList<ScriptedVcpu> Vcpus => _vcpus;

    public bool IsDisposed { get; private set; }

    public IVirtualCpu CreateVcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup)
    {
        var vcpu = new ScriptedVcpu(index) { Script = scripts[index.Value], Peers = _vcpus, Apic = Fabric?.Add() };
        _vcpus.Add(vcpu);
        return vcpu;
    }

    public IInterruptFabric? FabricOf(GuestMemory memory) => Fabric;

    public void Dispose() => IsDisposed = true;
}
