using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
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
    private readonly ILogger _logger;

    /// <summary>Assembles a machine.</summary>
    /// <param name="config">What it consists of.</param>
    /// <param name="host">What it is connected to outside.</param>
    /// <param name="engine">Executes its code; belongs to the machine from now on, also if this throws.</param>
    internal VirtualMachine(MachineConfig config, MachineHost host, IEngine engine)
    {
        _host = host;
        _logger = host.LoggerFactory.CreateLogger<VirtualMachine>();
        _engine = engine;
        try
        {
            var cpu = GuestCpu.Resolve(config.Cpu, engine);
            _image = GuestImage.Read(config, cpu);
            _memory = CreateMemory(config.Memory, _image.Roms);
            _requests = new MachineRequests(() => _runner?.Wake());
            _platform = CreatePlatform(config, host);
            _msrs = new ModelMsrs(cpu.Msrs);
            var tsc = new VmTsc(_clock);
            _cpuid = cpu.BuildTable(new VcpuTopology(new VcpuIndex(0), config.Cpus), ClockRates.WithTsc(tsc.Frequency));
            _runner = CreateRunner(tsc);
            ConnectApic(tsc, cpu);
            _image.Describe(_platform.FwCfg, _memory);
            Start();
            _logger.Assembled(cpu.Model.Name, config.Memory);
        }
        catch
        {
            _runner?.Dispose();
            _engine.Dispose();
            _memory?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public MachineStatistics Statistics => new(
        TimeSpan.FromTicks(_clock.Now / 100),
        Math.Max(0, _runner.Vcpu.InstructionCount),
        _runner.Counters.Interrupts,
        Enum.GetValues<VmExitKind>().Where(k => _runner.Counters.Of(k) > 0)
            .ToDictionary(ExitNames.Of, k => _runner.Counters.Of(k)));

    /// <summary>Assembles a machine with the engine that its configuration chooses.</summary>
    /// <param name="config">What it consists of.</param>
    /// <param name="host">What it is connected to outside.</param>
    /// <exception cref="MachineSetupException">The configuration or one of its files cannot be used.</exception>
    public static IRunnableMachine Create(MachineConfig config, MachineHost host)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(host);
        var decision = EngineChooser.Decide(config.Engine.Choice);
        var engine = EngineChooser.Create(decision, config.Engine);
        host.LoggerFactory.CreateLogger<VirtualMachine>().ChoseEngine(engine.Name, decision.Reason);
        return new VirtualMachine(config, host, engine);
    }

    /// <inheritdoc/>
    public RunOutcome Run(CancellationToken stop)
    {
        using var registration = stop.Register(_runner.Wake);
        _clock.Resume();
        using var timers = new TimerThread(_clock, _lock, _requests.Fail);
        try
        {
            while (true)
            {
                var kind = _runner.Run(() => !stop.IsCancellationRequested && _requests.IsEmpty);
                var outcome = kind == VmExitKind.Shutdown ? new RunOutcome.Crashed(Report()) : NextStep(stop);
                if (outcome is null)
                    continue;
                _logger.Ended(outcome.GetType().Name);
                return outcome;
            }
        }
        finally
        {
            _clock.Pause();
        }
    }

    /// <inheritdoc/>
    public bool PressPowerButton()
    {
        lock (_lock)
            return _platform.PowerManagement.PressPowerButton();
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

    private static GuestMemory CreateMemory(ByteSize size, IReadOnlyList<RomImage> roms)
    {
        try
        {
            return GuestMemory.CreatePc((ulong)size.Bytes, roms);
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

    private VcpuRunner CreateRunner(VmTsc tsc)
    {
        var trace = new MachineTrace(_host.Trace, () => _clock.Now, _logger);
        var vcpu = _engine.CreateVcpu(new VcpuIndex(0), _memory, new VcpuSetup(_cpuid, tsc) { Observer = trace });
        return new VcpuRunner(vcpu, _platform, _msrs, _lock, trace, _requests.AskReset);
    }

    private void ConnectApic(VmTsc tsc, ResolvedCpu cpu)
    {
        var apic = new LocalApic("apic0", 0, isBootstrap: true,
            new LocalApicWiring(_platform.ApicBus, _runner, _clock, tsc.WithOffset(() => _runner.Vcpu.TscOffset), _platform.Pic.Acknowledge),
            new LocalApicFeatures
            {
                X2Apic = cpu.Features.Contains("x2apic"),
                TscDeadline = cpu.Features.Contains("tsc-deadline"),
                PhysicalAddressBits = cpu.PhysicalAddressBits,
                VirtualWireAtReset = true,
            });
        _platform.AddLocalApic(apic);
        _runner.Connect(apic);
    }

    /// <summary>Sees to what made the vCPU stop.</summary>
    /// <returns>The outcome, or null to go on.</returns>
    private RunOutcome? NextStep(CancellationToken stop)
    {
        lock (_lock)
        {
            if (_requests.Failure is { } failure)
                ExceptionDispatchInfo.Throw(failure);
            // What the guest itself has decided counts more than a stop that came at the same time.
            if (_requests.Outcome is { } outcome)
                return outcome;
            if (stop.IsCancellationRequested)
                return new RunOutcome.Stopped();
            _logger.Resets();
            _requests.ResetDone();
            _platform.Reset();
            _msrs.Reset();
            _runner.Reset();
            Start();
            return null;
        }
    }

    private void Start() => _runner.Vcpu.Import(_image.Load(_memory).Cpu);

    private string Report()
    {
        var state = new CpuState();
        _runner.Vcpu.Export(state);
        return CrashReport.Write(_runner.Vcpu, state, _memory, PagingCapabilities.Of(_cpuid));
    }
}
