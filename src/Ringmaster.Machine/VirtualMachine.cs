using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Doorbells;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.Paging;
using Ringmaster.Cpu.State;
using Ringmaster.Devices;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Display;
using Ringmaster.Devices.Network;
using Ringmaster.Devices.Storage;
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
    /// <summary>
    /// How much slower a guest's time goes whose instructions are compared: at its usual pace the next tick would be due before the
    /// last one's handler is done.
    /// </summary>
    private const int ComparedSlowdown = 50;

    private readonly Lock _lock = new();
    private readonly RealVmClock _clock;
    private readonly IEngine _engine;
    private readonly GuestMemory _memory;
    private readonly PcPlatform _platform;
    private readonly MachineRequests _requests;
    private readonly DeviceCalls _calls;
    private readonly GuestImage _image;
    private readonly PagingCapabilities _paging;
    private readonly ProcessorFactory _processors;
    private readonly ApicHandover _apics;
    private readonly DoorbellThread? _doorbells;
    private readonly PciLayout _layout;
    private readonly int _mostCpus;
    private readonly MachineHost _host;
    private readonly ILogger _logger;
    private readonly RunGate _gate = new();
    private volatile VcpuRunner[] _runners = [];
    private volatile MachineStatus _status;
    private CpuState _first = new();

    /// <summary>Assembles a machine.</summary>
    /// <param name="config">What it consists of.</param>
    /// <param name="host">What it is connected to outside.</param>
    /// <param name="engine">Executes its code; belongs to the machine from now on, also if this throws.</param>
    internal VirtualMachine(MachineConfig config, MachineHost host, IEngine engine)
    {
        _host = host;
        _logger = host.LoggerFactory.CreateLogger<VirtualMachine>();
        _engine = engine;
        _clock = new RealVmClock(slowdown: config.Engine.Compares ? ComparedSlowdown : 1);
        try
        {
            var cpu = GuestCpu.Resolve(config.Cpu, config.Paravirtual, engine);
            _image = GuestImage.Read(config, cpu);
            _memory = GuestRam.Create(config, _image.Roms, PcPlatform.HasScreen(config, host) ? FrameBufferView.Reach : default);
            _requests = new MachineRequests(WakeAll);
            _calls = new DeviceCalls(_lock, _requests.Fail);
            _layout = PciLayout.For(config.Type, _memory, cpu.PhysicalAddressBits);
            _platform = CreatePlatform(config, host, _layout);
            _mostCpus = config.Cpus.Count;
            var present = config.PresentCpus ?? _mostCpus;
            _image.DescribePlatform(_platform, _layout, present);
            _image.PlugFirmware(_platform, host);
            _image.Describe(_platform.FwCfg, _platform.Pci, _memory);
            _processors = new ProcessorFactory(config, cpu, engine, _memory, _platform, _requests, _clock, _lock,
                new MachineTrace(host.Trace, () => _clock.Now, _logger));
            foreach (var index in config.Cpus.Indices.Take(present))
                _runners = [.. _runners, _processors.Create(index)];
            if (config.Engine.UsesDoorbells && engine.DoorbellsOf(_memory) is { } board)
                _platform.Pci.Doorbells = _doorbells = new DoorbellThread(board, IsLeftToPci, _calls);
            _apics = new ApicHandover(_platform, engine.FabricOf(_memory));
            _paging = _processors.Paging;
            Start();
            _logger.Assembled(present, cpu.Model.Name, config.Memory);
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public MachineStatistics Statistics => new(TimeSpan.FromTicks(_clock.Now / 100), [.. _runners.Select(r => r.Statistics)]);

    /// <summary>Assembles a machine with the engine that its configuration chooses.</summary>
    /// <param name="config">What it consists of.</param>
    /// <param name="host">What it is connected to outside.</param>
    /// <exception cref="MachineSetupException">The configuration or one of its files cannot be used.</exception>
    public static IRunnableMachine Create(MachineConfig config, MachineHost host)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(host);
        var decision = EngineChooser.Decide(config.Engine.Choice);
        var engine = EngineChooser.Create(decision, config.Engine, config.Cpus.Count);
        host.LoggerFactory.CreateLogger<VirtualMachine>().ChoseEngine(engine.Name, decision.Reason);
        return new VirtualMachine(config, host, engine);
    }

    /// <inheritdoc/>
    public string Engine => _engine.Name;

    /// <inheritdoc/>
    public MachineStatus Status => _status;

    /// <inheritdoc/>
    public IReadOnlyList<DeviceSummary> Devices
    {
        get
        {
            lock (_lock)
                return _platform.Describe();
        }
    }

    /// <inheritdoc/>
    public IConsole? Console => _platform.Console;

    /// <inheritdoc/>
    public BalloonStatus? Balloon
    {
        get
        {
            lock (_lock)
                return _platform.Balloon is { } balloon ? new BalloonStatus(balloon.Target, balloon.Actual) : null;
        }
    }

    /// <inheritdoc/>
    public void Inflate(ulong bytes)
    {
        lock (_lock)
        {
            var balloon = _platform.Balloon ?? throw new InvalidOperationException("The VM has no memory balloon. Start it with --balloon.");
            if (!balloon.IsRunning)
                throw new InvalidOperationException("The guest has no driver for the memory balloon (yet). Load virtio_balloon in it.");
            balloon.Target = bytes;
        }
    }

    /// <inheritdoc/>
    public string Plug(DiskConfig disk, IBlockBackend backend)
    {
        ArgumentNullException.ThrowIfNull(disk);
        ArgumentNullException.ThrowIfNull(backend);
        lock (_lock)
            return _platform.HotPlug.Plug(disk, backend);
    }

    /// <inheritdoc/>
    public string Plug(NetConfig network, INetworkBackend backend)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(backend);
        lock (_lock)
            return _platform.HotPlug.Plug(network, backend);
    }

    /// <inheritdoc/>
    public Task Unplug(string name)
    {
        lock (_lock)
            return _platform.HotPlug.Unplug(name);
    }

    /// <inheritdoc/>
    public int Cpus => _runners.Length;

    /// <inheritdoc/>
    public Task SetCpus(int count)
    {
        lock (_lock)
        {
            if (count < _runners.Length)
                throw new InvalidOperationException($"The VM has {_runners.Length} CPUs, and none leaves while it runs. Let the guest take some off line.");
            if (count > _mostCpus)
                throw new InvalidOperationException($"The VM was started for at most {_mostCpus} CPUs. Choose fewer, or start it with --cpus N,max={count}.");
            if (count == _runners.Length)
                return Task.CompletedTask;
            if (_status != MachineStatus.Running)
                throw new InvalidOperationException("The VM does not run. Resume it first.");
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _requests.AskChange(() =>
            {
                try
                {
                    AddCpus(count);
                    done.SetResult();
                }
                catch (Exception error) when (error is LinuxException or OutOfMemoryException or MachineSetupException)
                {
                    done.SetException(new InvalidOperationException($"The host cannot give the VM another CPU: {error.Message}", error));
                }
            });
            return done.Task;
        }
    }

    /// <inheritdoc/>
    public RunOutcome Run(CancellationToken stop)
    {
        using var registration = stop.Register(WakeAll);
        using var timers = new TimerThread(_clock, _lock, _requests.Fail);
        try
        {
            while (true)
            {
                if (!_gate.IsOpen)
                {
                    _status = MachineStatus.Paused;
                    _gate.WaitUntilOpen(stop);
                }
                _status = MachineStatus.Running;
                _gate.Run(() =>
                {
                    _clock.Resume();
                    lock (_lock)
                        _apics.Lend(_runners);
                    VcpuThreads.Run(_runners, () => !stop.IsCancellationRequested && _gate.IsOpen && _requests.IsEmpty, Fail);
                    Settle();
                    _clock.Pause();
                });
                if (NextStep(stop) is not { } outcome)
                    continue;
                _logger.Ended(outcome.GetType().Name);
                return outcome;
            }
        }
        finally
        {
            _clock.Pause();
            _status = MachineStatus.Ended;
        }
    }

    /// <inheritdoc/>
    public void Pause()
    {
        _gate.Shut();
        WakeAll();
        _gate.WaitUntilStanding();
        if (_status == MachineStatus.Running)
            _status = MachineStatus.Paused;
    }

    /// <inheritdoc/>
    public void Resume() => _gate.Open();

    /// <inheritdoc/>
    public void Reset()
    {
        lock (_lock)
            _requests.AskReset();
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
        foreach (var card in _platform.Slots.Cards.Values)
            card.Disconnect();
        _host.Display?.Connect(null);
        // The ends of requests that are drained are told later, when the guest's memory is no longer there.
        _calls.Close();
        foreach (var disk in _host.Disks)
            disk.Drain();
        Release();
        _gate.Dispose();
    }

    private PcPlatform CreatePlatform(MachineConfig config, MachineHost host, PciLayout layout)
    {
        try
        {
            return new PcPlatform(config, host, _memory, layout, _clock, _requests, _calls);
        }
        catch (BusConflictException error)
        {
            throw new MachineSetupException($"{error.Message} Give one of them another place.", error);
        }
    }

    /// <summary>Sees to what made the vCPUs stop.</summary>
    /// <returns>The outcome, or null to go on.</returns>
    private RunOutcome? NextStep(CancellationToken stop)
    {
        lock (_lock)
        {
            if (_requests.Failure is { } failure)
                ExceptionDispatchInfo.Throw(failure);
            if (_requests.Crashed is { } index)
                return new RunOutcome.Crashed(CrashReport.Write([.. _runners.Select(r => r.Vcpu)], index, _memory, _paging));
            // What the guest itself has decided counts more than a stop that came at the same time.
            if (_requests.Outcome is { } outcome)
                return outcome;
            if (stop.IsCancellationRequested)
                return new RunOutcome.Stopped();
            while (_requests.Changes.TryDequeue(out var change))
                change();
            if (_requests.MapChanged)
                ForgetTranslations();
            if (!_requests.Reset)
                return null;
            _logger.Resets();
            _requests.ResetDone();
            _platform.Reset();
            _image.DescribePlatform(_platform, _layout, _runners.Length);
            Start();
            return null;
        }
    }

    /// <summary>
    /// The vCPUs stand still: what the engine has of the machine's devices comes back to them. After a failure of the host there may be nobody
    /// to take it from; the machine is about to end.
    /// </summary>
    private void Settle()
    {
        lock (_lock)
        {
            if (_requests.Failure is not null)
                return;
            _doorbells?.Drain();
            _apics.TakeBack(_runners);
        }
    }

    private bool IsLeftToPci(Doorbell place) => place.IsPort
        ? _platform.Ports.IsFree(new IoPort((ushort)place.Address), Math.Max(1, place.Length))
        : _platform.Mmio.IsFree(new GuestPhysicalAddress(place.Address), Math.Max(4, place.Length));

    private void Start()
    {
        _first = _image.Load(_memory).Cpu;
        foreach (var runner in _runners)
            Start(runner);
    }

    private void Start(VcpuRunner runner) =>
        runner.Start(runner.Role.IsBootstrap ? _first : _first.AsApplicationProcessor(runner.Role.Signature));

    /// <summary>Makes processors, which wait for the guest to start them. All others stand still.</summary>
    private void AddCpus(int count)
    {
        while (_runners.Length < count)
        {
            var runner = _processors.Create(new VcpuIndex(_runners.Length));
            Start(runner);
            _runners = [.. _runners, runner];
        }
        _platform.AnnounceCpus(_runners.Length);
    }

    private void ForgetTranslations()
    {
        _requests.MapChanged = false;
        foreach (var runner in _runners)
            runner.ForgetTranslations();
    }

    private void Fail(Exception failure)
    {
        lock (_lock)
            _requests.Fail(failure);
    }

    private void WakeAll()
    {
        foreach (var runner in _runners)
            runner.Wake();
    }

    private void Release()
    {
        _doorbells?.Dispose();
        foreach (var runner in _runners)
            runner.Dispose();
        _engine.Dispose();
        _memory?.Dispose();
        _image?.Dispose();
    }
}
