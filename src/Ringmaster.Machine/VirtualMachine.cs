using Microsoft.Extensions.Logging;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.Paging;
using Ringmaster.Cpu.State;
using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Clock;
using Ringmaster.Host;
using Ringmaster.Machine.Assembly;
using Ringmaster.Machine.Configuration;
using Ringmaster.Machine.Reports;
using Ringmaster.Machine.Running;
using Ringmaster.Memory;

namespace Ringmaster.Machine;

/// <summary>A virtual machine: memory, vCPUs and devices, assembled from a configuration.</summary>
/// <remarks>
/// One lock guards all devices. vCPUs run without it; their exits, timers and input from outside take it. Lock order: the
/// machine's lock first, then those of back ends, which never call back inside.
/// </remarks>
public sealed class VirtualMachine : IRunnableMachine
{
    private readonly Lock _lock = new();
    private readonly RealVmClock _clock = new();
    private readonly IEngine _engine;
    private readonly GuestMemory _memory;
    private readonly PcPlatform _platform;
    private readonly MachineRequests _requests;
    private readonly GuestImage _image;
    private readonly CpuidTable _cpuid;
    private readonly ModelMsrs _msrs;
    private readonly VcpuRunner _runner;
    private readonly MachineHost _host;
    private bool _stopRequested;

    private VirtualMachine(MachineConfig config, MachineHost host)
    {
        _host = host;
        _engine = new InterpreterEngine();
        var cpu = GuestCpu.Resolve(config.Cpu, _engine);
        _image = GuestImage.Read(config, cpu);
        _memory = CreateMemory(config.Memory);
        _requests = new MachineRequests(() => _runner?.Wake());
        _platform = CreatePlatform(config, host);
        var tsc = new VmTsc(_clock);
        var trace = new MachineTrace(host.Trace, () => _clock.Now, host.LoggerFactory.CreateLogger<VirtualMachine>());
        _cpuid = cpu.BuildTable(new VcpuTopology(new VcpuIndex(0), config.Cpus), ClockRates.WithTsc(tsc.Frequency));
        var vcpu = _engine.CreateVcpu(new VcpuIndex(0), _memory, new VcpuSetup(_cpuid, tsc) { Observer = trace });
        _msrs = new ModelMsrs(cpu.Msrs);
        _runner = new VcpuRunner(vcpu, _platform, _msrs, _lock, trace, _requests.AskReset);
        var apic = new LocalApic("apic0", 0, isBootstrap: true,
            new LocalApicWiring(_platform.ApicBus, _runner, _clock, tsc.WithOffset(() => vcpu.TscOffset), _platform.Pic.Acknowledge),
            new LocalApicFeatures
            {
                X2Apic = cpu.Features.Contains("x2apic"),
                TscDeadline = cpu.Features.Contains("tsc-deadline"),
                PhysicalAddressBits = cpu.PhysicalAddressBits,
                VirtualWireAtReset = true,
            });
        _platform.AddLocalApic(apic);
        _runner.Connect(apic);
        _image.Describe(_platform.FwCfg, _memory);
        Start();
    }

    /// <inheritdoc/>
    public MachineStatistics Statistics => new(
        TimeSpan.FromTicks(_clock.Now / 100),
        Math.Max(0, _runner.Vcpu.InstructionCount),
        _runner.Counters.Interrupts,
        Enum.GetValues<VmExitKind>().Where(k => _runner.Counters.Of(k) > 0)
            .ToDictionary(ExitNames.Of, k => _runner.Counters.Of(k)));

    /// <summary>Assembles a machine.</summary>
    /// <param name="config">What it consists of.</param>
    /// <param name="host">What it is connected to outside.</param>
    /// <exception cref="MachineSetupException">The configuration or one of its files cannot be used.</exception>
    public static IRunnableMachine Create(MachineConfig config, MachineHost host)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(host);
        return new VirtualMachine(config, host);
    }

    /// <inheritdoc/>
    public RunOutcome Run(CancellationToken stop)
    {
        using var registration = stop.Register(() =>
        {
            Volatile.Write(ref _stopRequested, true);
            _runner.Wake();
        });
        _clock.Resume();
        using var timers = new TimerThread(_clock, _lock);
        try
        {
            while (true)
            {
                var kind = _runner.Run(() => !Volatile.Read(ref _stopRequested) && _requests is { Outcome: null, Reset: false });
                if (kind == VmExitKind.Shutdown)
                    return new RunOutcome.Crashed(Report());
                if (Volatile.Read(ref _stopRequested))
                    return new RunOutcome.Stopped();
                lock (_lock)
                {
                    if (_requests.Outcome is { } outcome)
                        return outcome;
                    Restart();
                }
            }
        }
        finally
        {
            _clock.Pause();
        }
    }

    /// <inheritdoc/>
    public void PressPowerButton()
    {
        lock (_lock)
            _platform.PowerManagement.PressPowerButton();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var backend in _host.Serials)
            backend?.Connect(null);
        _runner.Dispose();
        _engine.Dispose();
        _memory.Dispose();
    }

    private static GuestMemory CreateMemory(ByteSize size)
    {
        try
        {
            return GuestMemory.CreatePc((ulong)size.Bytes);
        }
        catch (LinuxException error)
        {
            throw new MachineSetupException($"The host cannot give the guest {size} of memory: {error.Message}. Choose less with --memory.", error);
        }
    }

    private PcPlatform CreatePlatform(MachineConfig config, MachineHost host)
    {
        try
        {
            return new PcPlatform(config, host, _memory, _clock, _requests, _lock);
        }
        catch (BusConflictException error)
        {
            throw new MachineSetupException($"{error.Message} Give one of them another place.", error);
        }
    }

    private void Restart()
    {
        _requests.ResetDone();
        _platform.Reset();
        _msrs.Reset();
        Start();
    }

    private void Start() => _runner.Vcpu.Import(_image.Load(_memory).Cpu);

    private string Report()
    {
        var state = new CpuState();
        _runner.Vcpu.Export(state);
        return CrashReport.Write(_runner.Vcpu, state, _memory, PagingCapabilities.Of(_cpuid));
    }
}
