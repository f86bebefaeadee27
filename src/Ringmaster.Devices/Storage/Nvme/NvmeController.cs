using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>A disk behind an NVMe controller (NVM Express Base Specification 1.4): one namespace with blocks of 512 bytes.</summary>
/// <remarks>
/// What a guest makes the controller do at once is bounded: so many commands are carried out in one go
/// (<see cref="MostCommandsAtOnce"/>), so many are with the disk (<see cref="MostInFlight"/>), and none is fetched whose completion
/// would find no room. What is left over goes on when a command ends, or from a timer that lets others have the lock in between.
/// A queue that is not in RAM is a fatal error (CSTS.CFS): nothing happens any more until the guest resets the controller.
/// </remarks>
public sealed partial class NvmeController : StatefulDevice<NvmeControllerState>, IPciDevice, IConfigHook
{
    /// <summary>I/O queues of a kind that there can be.</summary>
    public const int MostQueues = 64;

    /// <summary>Entries that a queue can have.</summary>
    public const int MostEntries = 1024;

    /// <summary>Commands that the disk works on at once; others stay in their queues.</summary>
    public const int MostInFlight = 256;

    /// <summary>Characters of the longest serial number.</summary>
    public const int LongestSerial = 20;

    private const int MostCommandsAtOnce = 512, RegistersSize = 0x4000, MsixBar = 4;

    /// <summary>A command moves 2 to the power of this many pages at most: 512 KiB.</summary>
    private const byte DataPages = 7;

    private readonly IBlockBackend _disk;
    private readonly DmaSpace _dma;
    private readonly IVmClock _clock;
    private readonly IVmTimer _goOn;
    private readonly BlockJobs _jobs;
    private readonly NvmePages _pages;
    private bool _mayAccessMemory;

    /// <summary>Creates the controller.</summary>
    /// <param name="disk">What it reads and writes.</param>
    /// <param name="dma">The guest's memory.</param>
    /// <param name="clock">Tells for how long the disk has been on.</param>
    /// <param name="serial">
    /// The serial number: 1 to 20 printable ASCII characters. Guests tell disks apart by it, and find them again.
    /// </param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    /// <exception cref="ArgumentException">The serial number is none.</exception>
    public NvmeController(IBlockBackend disk, DmaSpace dma, IVmClock clock, string serial, string name = "nvme0") : base(name)
    {
        ArgumentNullException.ThrowIfNull(disk);
        ArgumentNullException.ThrowIfNull(dma);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentException.ThrowIfNullOrEmpty(serial);
        if (serial.Length > LongestSerial || serial.Any(character => character is < ' ' or > '~'))
            throw new ArgumentException($"A serial number has 1 to {LongestSerial} printable ASCII characters.", nameof(serial));
        (_disk, _dma, _clock) = (disk, dma, clock);
        _goOn = clock.CreateTimer(name, Work);
        _jobs = new BlockJobs(() => disk, dma, Ended);
        _pages = new NvmePages(serial);
        Pci = new PciFunction(new PciIdentity(0x1B36, 0x0010, 0x01_08_02) { Revision = 2, SubsystemVendor = 0x1AF4, Subsystem = 0x1100 }, pin: 1, this);
        Pci.AddBar(0, PciBarKind.Memory64, RegistersSize, new DoublewordRegisters(ReadDoubleword, WriteDoubleword));
        Pci.AddMsix(MostQueues + 1, MsixBar);
        Reset();
    }

    /// <inheritdoc/>
    public PciFunction Pci { get; }

    /// <inheritdoc/>
    protected override string StateKind => "nvme";

    /// <inheritdoc/>
    protected override JsonTypeInfo<NvmeControllerState> StateType => NvmeStateJson.Default.NvmeControllerState;

    /// <summary>Whether commands are fetched and completions stored.</summary>
    private bool IsRunning => _isReady && !_isFatal && Pci.IsBusMaster;

    /// <inheritdoc/>
    public override void Reset()
    {
        StopController();
        Pci.Reset();
        _mayAccessMemory = false;
        (_configuration, _adminSizes, _adminSubmission, _adminCompletion) = (0, 0, 0, 0);
        _statistics = NvmeStatistics.None;
        _log.Reset();
    }

    /// <inheritdoc/>
    public void Reading(int offset, int size)
    {
    }

    /// <inheritdoc/>
    public void Written(int offset, int size)
    {
        if (Pci.IsBusMaster == _mayAccessMemory)
            return;
        _mayAccessMemory = Pci.IsBusMaster;
        if (_mayAccessMemory)
            Work();
        else
            _jobs.Drain();
    }

    /// <inheritdoc/>
    protected override NvmeControllerState Capture() => new(
        _configuration,
        _isReady,
        _isFatal,
        _shutdown,
        _interruptMask,
        _adminSizes,
        _adminSubmission,
        _adminCompletion,
        _turn,
        [.. _submissionQueues.Select(queue => queue?.Capture())],
        [.. _completionQueues.Select(queue => queue?.Capture())],
        _jobs.Capture(),
        _features.Capture(),
        _events.Capture(),
        _log.Capture(),
        _statistics,
        Pci.Capture());

    /// <inheritdoc/>
    protected override void Apply(NvmeControllerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Pci.Check(Name, state.Pci);
        if (state.SubmissionQueues.Length != MostQueues + 1 || state.CompletionQueues.Length != MostQueues + 1)
            throw new SavedStateException($"{Name}: the saved state does not have {MostQueues + 1} queues of a kind.");
        var jobs = _jobs.Check(state.Jobs, MostInFlight + 1, Name);

        StopController();
        Pci.Apply(state.Pci);
        _mayAccessMemory = Pci.IsBusMaster;
        _configuration = state.Configuration;
        (_isFatal, _interruptMask) = (state.IsFatal, state.InterruptMask);
        _shutdown = (byte)Math.Min(state.Shutdown, ShutdownComplete);
        (_adminSizes, _adminSubmission, _adminCompletion) = (state.AdminSizes & AdminSizeBits, state.AdminSubmission & ~PageBits, state.AdminCompletion & ~PageBits);
        ApplyQueues(state);
        _features.Apply(state.Features);
        _events.Apply(state.Events);
        _log.Apply(state.Log);
        _statistics = state.Statistics;
        foreach (var job in jobs)
            _jobs.TryStart(job);
        if (_shutdown == ShutdownUnderWay && !_jobs.Any(job => job.Tag == ShutdownTag))
            _shutdown = ShutdownComplete;
        UpdateInterrupts();
        if (IsRunning && HasWork)
            _goOn.Arm(_clock.Now);
    }

    private void ApplyQueues(NvmeControllerState state)
    {
        for (var i = 0; i <= MostQueues; i++)
        {
            if (state.CompletionQueues[i] is { } queue)
                _completionQueues[i] = NvmeCompletionQueue.FromState(queue, i == 0 ? MostAdminEntries : MostEntries, MostQueues + 1);
        }
        for (var i = 0; i <= MostQueues; i++)
        {
            if (state.SubmissionQueues[i] is { } queue && queue.CompletionQueue <= MostQueues && _completionQueues[queue.CompletionQueue] is not null)
                _submissionQueues[i] = NvmeSubmissionQueue.FromState(queue, i == 0 ? MostAdminEntries : MostEntries);
        }
        _isReady = state.IsReady && _submissionQueues[0]?.CompletionQueue == 0;
        _turn = Math.Clamp(state.Turn, 0, MostQueues);
    }
}
