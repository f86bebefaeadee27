using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Apic;

/// <summary>
/// The local APIC of one vCPU (SDM 3A chapter 11), in xAPIC and x2APIC mode. It is not on the MMIO bus, because each vCPU
/// sees its own at the same address: the vCPU's loop sends accesses to the page at <see cref="MmioBase"/> here, and the
/// MSRs for which <see cref="OwnsMsr"/> is true.
/// </summary>
public sealed partial class LocalApic : StatefulDevice<LocalApicState>
{
    /// <summary>The timer's input clock in Hz, before division. CPUID leaves that tell it (15h, 4000_0010h) must say the same.</summary>
    public const long TimerFrequency = 1_000_000_000;

    private const uint SoftwareEnableBit = 1 << 8, SuppressEoiBit = 1 << 12;
    private const int LvtCount = 7;
    private const int LvtCmci = 0, LvtTimer = 1, LvtThermal = 2, LvtPerformance = 3, LvtLint0 = 4, LvtLint1 = 5, LvtError = 6;

    private readonly LocalApicFeatures _features;
    private readonly LocalApicWiring _wiring;
    private readonly bool _isBootstrap;
    private readonly ApicTimer _timer;
    private readonly InputPin _lint0, _lint1;
    private readonly VectorSet _inService = new(), _triggerMode = new(), _requests = new();
    private readonly LvtEntry[] _lvt = new LvtEntry[LvtCount];

    private ApicBaseRegister _base;
    private byte _id;
    private byte _taskPriority;
    private uint _logicalDestination;
    private uint _destinationFormat;
    private uint _spuriousVector;
    private ApicErrors _errorStatus, _newErrors;
    private ulong _command;
    private bool _lint0RemoteIrr;
    private bool _extIntRequest;
    private bool _signalled;

    /// <summary>Creates the APIC in its power-on state and attaches it to the bus.</summary>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    /// <param name="apicId">The initial (x2APIC) ID, unique in the machine, as CPUID leaves 1 and 0Bh tell it.</param>
    /// <param name="isBootstrap">Whether its processor is the one that starts the machine.</param>
    /// <param name="wiring">What it is connected to.</param>
    /// <param name="features">What it offers; the defaults if not given.</param>
    public LocalApic(string name, uint apicId, bool isBootstrap, LocalApicWiring wiring, LocalApicFeatures? features = null)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(wiring);
        ApicId = apicId;
        _isBootstrap = isBootstrap;
        _wiring = wiring;
        _features = features ?? new LocalApicFeatures();
        _timer = new ApicTimer(name + ".timer", wiring.Clock, wiring.Tsc, () => FireLvt(LvtTimer));
        _lint0 = new InputPin(level => LintChanged(LvtLint0, level));
        _lint1 = new InputPin(level => LintChanged(LvtLint1, level));
        Reset();
        wiring.Bus.Attach(this);
    }

    /// <summary>The initial APIC ID: the x2APIC ID.</summary>
    public uint ApicId { get; }

    /// <summary>Input pin LINT0: by convention the 8259 pair's INTR.</summary>
    public IInterruptLine Lint0 => _lint0;

    /// <summary>Input pin LINT1: by convention the platform's NMI.</summary>
    public IInterruptLine Lint1 => _lint1;

    /// <summary>Where the register page is mapped for this vCPU; null in x2APIC mode and while the APIC is globally disabled or lent.</summary>
    public GuestPhysicalAddress? MmioBase => !IsLent && _base is { IsEnabled: true, IsX2Apic: false } ? new(_base.Address) : null;

    /// <summary>The task priority class, 0 to 15: what CR8 shows.</summary>
    public byte TaskPriority
    {
        get => (byte)(_taskPriority >> 4);
        set
        {
            _taskPriority = (byte)(value << 4);
            Signal();
        }
    }

    /// <summary>
    /// False while the vCPU runs, which may change CR8 and tell only later. Meanwhile all interrupts are announced that some task
    /// priority lets through.
    /// </summary>
    public bool KnowsTaskPriority { get; set; } = true;

    /// <summary>The task priority class from which on no interrupt that waits is delivered; 0 if none waits, or the APIC is lent.</summary>
    public byte TaskPriorityThreshold
    {
        get
        {
            var waiting = Class(_requests.Highest);
            return _base.IsEnabled && !IsLent && waiting > Class(_inService.Highest) ? (byte)waiting : (byte)0;
        }
    }

    /// <summary>
    /// Whether the processor's INTR is asserted: an interrupt of high enough priority waits, or the 8259 asks through an
    /// input that passes it on. While the APIC is lent, whether the 8259 asks: what else there is, its borrower sees to.
    /// </summary>
    public bool HasInterrupt => IsLent ? _lint0.IsAsserted : IsExtIntAsserted || (_base.IsEnabled && IsDeliverable(_requests.Highest));

    /// <inheritdoc/>
    protected override string StateKind => "local-apic";

    /// <inheritdoc/>
    protected override JsonTypeInfo<LocalApicState> StateType => ApicStateContext.Default.LocalApicState;

    /// <summary>Whether interrupts with a vector are accepted: globally and software-enabled.</summary>
    internal bool AcceptsVectors => _base.IsEnabled && IsSoftwareEnabled;

    internal bool IsX2Apic => _base is { IsEnabled: true, IsX2Apic: true };

    /// <summary>APR (SDM 3A 11.6.2.4): who is lowest receives a lowest-priority interrupt.</summary>
    internal byte ArbitrationPriority
    {
        get
        {
            var task = _taskPriority >> 4;
            var requested = Class(_requests.Highest);
            var served = Class(_inService.Highest);
            return task >= requested && task > served ? _taskPriority : (byte)(Math.Max(task, Math.Max(requested, served)) << 4);
        }
    }

    private bool IsSoftwareEnabled => (_spuriousVector & SoftwareEnableBit) != 0;

    /// <summary>
    /// PPR (SDM 3A 11.8.3.1). Where task and in-service priority are of one class, its low bits are model-specific; here
    /// they are the task priority's.
    /// </summary>
    private byte ProcessorPriority
    {
        get
        {
            var served = Math.Max(_inService.Highest, 0) & 0xF0;
            return (_taskPriority & 0xF0) >= served ? _taskPriority : (byte)served;
        }
    }

    // Without its APIC a processor takes LINT0 as INTR (SDM 3A 11.4.3).
    private bool IsExtIntAsserted => _base.IsEnabled && !IsLent
        ? _extIntRequest || IsExtInt(_lint0, LvtLint0) || IsExtInt(_lint1, LvtLint1)
        : _lint0.IsAsserted;

    /// <summary>
    /// An interrupt-acknowledge cycle: takes the interrupt that <see cref="HasInterrupt"/> announced. When it was announced
    /// but software has masked it since, the vector is the spurious one (SDM 3A 11.9) and nothing comes into service.
    /// </summary>
    /// <returns>False if there is nothing to take.</returns>
    public bool TryAcknowledge(out byte vector)
    {
        if (IsExtIntAsserted)
        {
            _extIntRequest = false;
            vector = _wiring.AcknowledgePic();
            // INTR stays asserted for what waits behind it.
            _signalled = HasInterrupt;
            return true;
        }
        vector = 0;
        if (!_base.IsEnabled || IsLent)
            return false;
        var highest = _requests.Highest;
        if (IsDeliverable(highest))
        {
            vector = (byte)highest;
            _requests.Set(vector, false);
            _inService.Set(vector, true);
            _signalled = false;
            return true;
        }
        if (!_signalled || highest < 0)
            return false;
        _signalled = false;
        vector = (byte)_spuriousVector;
        return true;
    }

    /// <summary>An event inside the processor raises its local interrupt.</summary>
    public void Raise(LocalInterrupt source)
    {
        switch (source)
        {
            case LocalInterrupt.CorrectedMachineCheck when _features.CorrectedMachineCheck:
                FireLvt(LvtCmci);
                break;
            case LocalInterrupt.Thermal:
                FireLvt(LvtThermal);
                break;
            case LocalInterrupt.Performance:
                FireLvt(LvtPerformance);
                // SDM 3B 20.4.4: delivery of the interrupt masks the entry until software clears the bit.
                _lvt[LvtPerformance] = _lvt[LvtPerformance].Masked;
                break;
        }
    }

    /// <summary>The vCPU's TSC no longer relates to the VM clock as before; a TSC deadline is found anew.</summary>
    public void TscChanged() => _timer.TscChanged();

    /// <inheritdoc/>
    public override void Reset()
    {
        _base = new ApicBaseRegister(
            ApicBaseRegister.DefaultAddress | ApicBaseRegister.EnableBit | (_isBootstrap ? ApicBaseRegister.BootstrapBit : 0));
        _id = (byte)ApicId;
        ResetRegisters();
        Signal();
    }

    /// <summary>Takes a message that <see cref="Matches"/> or was sent by shorthand.</summary>
    /// <returns>Whether it was accepted.</returns>
    internal bool Accept(DeliveryMode mode, byte vector, bool isLevel)
    {
        if (!_base.IsEnabled)
            return false;
        switch (mode)
        {
            case DeliveryMode.Fixed or DeliveryMode.LowestPriority:
                return IsSoftwareEnabled && AcceptVector(vector, isLevel);
            case DeliveryMode.Smi:
                _wiring.Output.Smi();
                return true;
            case DeliveryMode.Nmi:
                _wiring.Output.Nmi();
                return true;
            case DeliveryMode.Init:
                // SDM 3A 11.4.7.3: as after power-up, but for the ID; IA32_APIC_BASE keeps the mode.
                ResetRegisters();
                _wiring.Output.Init();
                // LINT0 comes out of it as ExtINT in virtual wire mode, and the 8259 may ask already.
                Signal();
                return true;
            case DeliveryMode.Startup:
                _wiring.Output.Startup(vector);
                return true;
            case DeliveryMode.ExtInt:
                _extIntRequest = true;
                Signal();
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether a destination means this APIC (SDM 3A 11.6.2 and 11.12.10).</summary>
    internal bool Matches(ApicDestination destination)
    {
        if (!_base.IsEnabled)
            return false;
        if (destination.IsBroadcast)
            return true;
        if (!destination.IsLogical)
            return destination.Id == (IsX2Apic ? ApicId : _id);
        var id = destination.Id;
        if (IsX2Apic)
            return id >> 16 == X2ApicLogicalId >> 16 && (id & X2ApicLogicalId & 0xFFFF) != 0;
        var own = _logicalDestination >> 24;
        if (id > 0xFF)
            return false;
        return (_destinationFormat >> 28) switch
        {
            0xF => (id & own) != 0,
            0x0 => id >> 4 == own >> 4 && (id & own & 0xF) != 0,
            _ => false,
        };
    }

    /// <inheritdoc/>
    protected override LocalApicState Capture() => IsLent ? throw new InvalidOperationException($"{Name} is lent; its state is elsewhere.") : new(
        _base.Value, _id, _taskPriority, _logicalDestination, _destinationFormat, _spuriousVector, _inService.Save(),
        _triggerMode.Save(), _requests.Save(), (uint)_errorStatus, (uint)_newErrors, [.. _lvt.Select(entry => entry.Value)],
        _command, _timer.Save(), _lint0.IsAsserted, _lint1.IsAsserted, _lint0RemoteIrr, _extIntRequest, _signalled);

    /// <inheritdoc/>
    protected override void Apply(LocalApicState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!HasLength(state.InService, VectorSet.Words) || !HasLength(state.TriggerMode, VectorSet.Words)
            || !HasLength(state.Requests, VectorSet.Words) || !HasLength(state.Lvt, LvtCount) || state.Timer is null)
            throw new SavedStateException($"{Name}: the saved state has registers of the wrong number.");
        var apicBase = new ApicBaseRegister(state.ApicBase & ~ApicBaseRegister.Reserved(_features));
        _base = apicBase is { IsX2Apic: true, IsEnabled: false }
            ? new ApicBaseRegister(apicBase.Value & ~ApicBaseRegister.X2ApicBit)
            : apicBase;
        _id = state.Id;
        _taskPriority = state.TaskPriority;
        _logicalDestination = state.LogicalDestination & 0xFF00_0000;
        _destinationFormat = state.DestinationFormat | 0x0FFF_FFFF;
        _spuriousVector = state.SpuriousVector & WritableSpuriousVector;
        _inService.Load(state.InService);
        _triggerMode.Load(state.TriggerMode);
        _requests.Load(state.Requests);
        _errorStatus = (ApicErrors)state.ErrorStatus & ApicErrors.All;
        _newErrors = (ApicErrors)state.NewErrors & ApicErrors.All;
        for (var i = 0; i < LvtCount; i++)
        {
            var writable = LvtEntry.Writable(LvtRegister(i), _features);
            _lvt[i] = new LvtEntry(writable == 0 ? LvtEntry.MaskBit : state.Lvt[i] & writable);
        }
        _command = state.Command & (0xFFFF_FFFF_0000_0000 | InterruptCommand.WritableLow);
        _lint0.Restore(state.Lint0);
        _lint1.Restore(state.Lint1);
        _lint0RemoteIrr = state.Lint0RemoteIrr;
        _extIntRequest = state.ExtIntRequest;
        _signalled = state.Signalled;
        _timer.Restore(state.Timer, _lvt[LvtTimer]);
        Signal();
    }

    private static bool HasLength(ImmutableArray<uint> array, int length) => !array.IsDefault && array.Length == length;

    private static int Class(int vector) => vector < 0 ? 0 : vector >> 4;

    private static ApicRegister LvtRegister(int entry) =>
        entry == LvtCmci ? ApicRegister.LvtCorrectedMachineCheck : (ApicRegister)((int)ApicRegister.LvtTimer + entry - LvtTimer);

    private bool IsDeliverable(int vector) => vector >= 0 && vector >> 4 > ProcessorPriority >> 4;

    private bool IsExtInt(InputPin pin, int entry) =>
        pin.IsAsserted && _lvt[entry] is { IsMasked: false, Mode: DeliveryMode.ExtInt };

    private void Signal()
    {
        if (HasInterrupt)
            _signalled = true;
        else if (KnowsTaskPriority || TaskPriorityThreshold == 0)
            return;
        _wiring.Output.InterruptPending();
    }

    /// <summary>SDM 3A 11.4.7.1: the state after power-up, but for ID and IA32_APIC_BASE.</summary>
    private void ResetRegisters()
    {
        _taskPriority = 0;
        _logicalDestination = 0;
        _destinationFormat = uint.MaxValue;
        _spuriousVector = 0xFF;
        _inService.Clear();
        _triggerMode.Clear();
        _requests.Clear();
        _errorStatus = _newErrors = ApicErrors.None;
        _command = 0;
        Array.Fill(_lvt, new LvtEntry(LvtEntry.MaskBit));
        if (_features.VirtualWireAtReset)
            _lvt[LvtLint0] = new LvtEntry((uint)DeliveryMode.ExtInt << 8);
        _lint0RemoteIrr = false;
        _extIntRequest = false;
        _signalled = false;
        _timer.Reset();
    }

    private bool AcceptVector(byte vector, bool isLevel)
    {
        if (vector < 16)
        {
            ReportError(ApicErrors.ReceiveIllegalVector);
            return false;
        }
        _requests.Set(vector, true);
        _triggerMode.Set(vector, isLevel);
        Signal();
        return true;
    }

    /// <summary>Records an error; a new one since ESR was last written raises the error interrupt (SDM 3A 11.5.3).</summary>
    private void ReportError(ApicErrors error)
    {
        if ((_newErrors & error) == error)
            return;
        _newErrors |= error;
        var entry = _lvt[LvtError];
        // An illegal vector in the error entry itself is recorded, but cannot raise a further interrupt.
        if (entry.IsMasked)
            return;
        if (entry.Vector >= 16)
            AcceptVector(entry.Vector, isLevel: false);
        else
            _newErrors |= ApicErrors.ReceiveIllegalVector;
    }

    private void FireLvt(int index)
    {
        var entry = _lvt[index];
        if (entry.IsMasked || !_base.IsEnabled)
            return;
        switch (index == LvtTimer ? DeliveryMode.Fixed : entry.Mode)
        {
            case DeliveryMode.Fixed:
                AcceptVector(entry.Vector, isLevel: false);
                break;
            case DeliveryMode.Smi:
                _wiring.Output.Smi();
                break;
            case DeliveryMode.Nmi:
                _wiring.Output.Nmi();
                break;
            case DeliveryMode.Init when index is LvtLint0 or LvtLint1:
                Accept(DeliveryMode.Init, 0, isLevel: false);
                break;
        }
    }

    private void LintChanged(int index, bool asserted)
    {
        if (!asserted)
            return;
        if (IsLent)
        {
            if (index == LvtLint0)
                _wiring.Output.InterruptPending();
            return;
        }
        var entry = _lvt[index];
        if (!_base.IsEnabled)
        {
            // SDM 3A 11.4.3: without its APIC a processor has pins INTR and NMI.
            if (index == LvtLint0)
                Signal();
            else
                _wiring.Output.Nmi();
        }
        else if (entry.Mode == DeliveryMode.ExtInt)
        {
            Signal();
        }
        else if (index == LvtLint0 && IsLint0Level)
        {
            ServeLint0Level();
        }
        else
        {
            FireLvt(index);
        }
    }

    // SDM 3A 11.5.1: the trigger mode counts for fixed delivery only, and LINT1 is always edge-sensitive.
    private bool IsLint0Level => _lvt[LvtLint0] is { IsLevel: true, Mode: DeliveryMode.Fixed };

    private void ServeLint0Level()
    {
        var entry = _lvt[LvtLint0];
        if (_lint0.IsAsserted && IsLint0Level && !entry.IsMasked && !_lint0RemoteIrr && _base.IsEnabled)
            _lint0RemoteIrr = AcceptVector(entry.Vector, isLevel: true);
    }
}
