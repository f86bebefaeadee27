using Ringmaster.Cpu;
using Ringmaster.Cpu.Kvm;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.Paging;
using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Clock;
using Ringmaster.Machine.Configuration;
using Ringmaster.Machine.Running;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Assembly;

/// <summary>Makes a machine's processors: a vCPU with its local APIC and the loop that runs them.</summary>
internal sealed class ProcessorFactory(
    MachineConfig config, ResolvedCpu cpu, IEngine engine, GuestMemory memory, PcPlatform platform, MachineRequests requests,
    IVmClock clock, Lock machineLock, MachineTrace trace)
{
    private readonly VmTsc _tsc = new(clock, engine.TscFrequency ?? VmTsc.UsualFrequency);

    /// <summary>What the CPU model fixes about paging.</summary>
    public PagingCapabilities Paging => PagingCapabilities.Of(TableOf(new VcpuIndex(0)));

    /// <summary>Makes a processor and puts its local APIC on the bus.</summary>
    public VcpuRunner Create(VcpuIndex index)
    {
        var isBootstrap = index.Value == 0;
        var vcpu = CreateVcpu(index);
        var role = new VcpuRole(isBootstrap, isBootstrap && InitResetsMachine, cpu.Model.Signature);
        var runner = new VcpuRunner(vcpu, role, new ExitDispatcher(platform, new ModelMsrs(cpu.Msrs)), requests, machineLock, trace);
        var wiring = new LocalApicWiring(platform.ApicBus, runner, clock, _tsc.WithOffset(() => vcpu.TscOffset), platform.Pic.Acknowledge);
        var apic = new LocalApic($"apic{index}", config.Cpus.ApicIdOf(index), isBootstrap, wiring, new LocalApicFeatures
        {
            X2Apic = cpu.Features.Contains("x2apic"),
            TscDeadline = cpu.Features.Contains("tsc-deadline"),
            // As in the kernel's, so that a guest may go over from one to the other.
            EoiBroadcastSuppression = cpu.Features.Contains("x2apic"),
            PhysicalAddressBits = cpu.PhysicalAddressBits,
            VirtualWireAtReset = isBootstrap,
        });
        platform.AddLocalApic(apic);
        runner.Connect(apic);
        return runner;
    }

    private IVirtualCpu CreateVcpu(VcpuIndex index)
    {
        try
        {
            return engine.CreateVcpu(index, memory, new VcpuSetup(TableOf(index), _tsc) { ApicId = config.Cpus.ApicIdOf(index), Observer = trace });
        }
        catch (KvmException error)
        {
            throw new MachineSetupException(error.Message, error);
        }
    }

    // See VcpuRunner.Init.
    private bool InitResetsMachine => config.Firmware is null || config.Cpus.Count == 1;

    private CpuidTable TableOf(VcpuIndex index) =>
        cpu.BuildTable(new VcpuTopology(index, config.Cpus), ClockRates.WithTsc(_tsc.Frequency));
}
