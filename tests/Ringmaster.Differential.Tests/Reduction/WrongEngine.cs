using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Differential.Tests.Reduction;

/// <summary>An engine with a mistake: it exports a state that has been tampered with.</summary>
internal sealed class WrongEngine(IEngine inner, Action<CpuState> mistake) : IEngine
{
    public string Name => inner.Name;

    public EngineFeatures Features => inner.Features;

    public IVirtualCpu CreateVcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup) =>
        new WrongVcpu(inner.CreateVcpu(index, memory, setup), mistake);

    public void Dispose() => inner.Dispose();

    private sealed class WrongVcpu(IVirtualCpu inner, Action<CpuState> mistake) : IVirtualCpu
    {
        public VcpuIndex Index => inner.Index;

        public bool CanTakeInterrupt => inner.CanTakeInterrupt;

        public bool WantsInterruptWindow { get => inner.WantsInterruptWindow; set => inner.WantsInterruptWindow = value; }

        public byte TaskPriority { get => inner.TaskPriority; set => inner.TaskPriority = value; }

        public byte TaskPriorityThreshold { get => inner.TaskPriorityThreshold; set => inner.TaskPriorityThreshold = value; }

        public long InstructionCount => inner.InstructionCount;

        public bool HasPendingNmi => inner.HasPendingNmi;

        public ulong TscOffset => inner.TscOffset;

        public VmExit Run(ExitAnswer answer) => inner.Run(answer);

        public VmExit? Settle(ExitAnswer answer) => inner.Settle(answer);

        public void Kick() => inner.Kick();

        public void InjectInterrupt(byte vector) => inner.InjectInterrupt(vector);

        public void InjectNmi() => inner.InjectNmi();

        public void Export(CpuState state)
        {
            inner.Export(state);
            mistake(state);
        }

        public void Import(CpuState state) => inner.Import(state);

        public GuestPhysicalAddress? Translate(LinearAddress address) => inner.Translate(address);

        public void Dispose() => inner.Dispose();
    }
}
