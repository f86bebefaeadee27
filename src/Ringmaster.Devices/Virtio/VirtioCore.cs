using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Virtio;

/// <summary>
/// What all virtio devices have in common behind their transport's registers: status, negotiation of features, queues (virtio 1.2
/// chapters 2 and 3).
/// </summary>
public sealed class VirtioCore
{
    /// <summary>The vector that stands for none.</summary>
    public const ushort NoVector = 0xFFFF;

    /// <summary>Nanoseconds that a device rests whose driver makes available faster than it takes, so that others get the machine.</summary>
    private const long Breather = 10_000;

    private const VirtioStatus DriversBits =
        VirtioStatus.Acknowledge | VirtioStatus.Driver | VirtioStatus.DriverOk | VirtioStatus.FeaturesOk | VirtioStatus.Failed;

    private readonly Action<int> _interrupt;
    private readonly IVmClock _clock;
    private readonly IVmTimer _goOn;

    /// <summary>Puts a device behind a transport.</summary>
    /// <param name="device">The device.</param>
    /// <param name="dma">Memory as it sees it.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="vectors">How many MSI-X vectors there are.</param>
    /// <param name="interrupt">
    /// Interrupts by a vector, or by other means if there are no vectors; also called when the interrupt status has changed.
    /// </param>
    public VirtioCore(VirtioDevice device, DmaSpace dma, IVmClock clock, int vectors, Action<int> interrupt)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(clock);
        (Device, VectorCount, _interrupt, _clock) = (device, vectors, interrupt, clock);
        _goOn = clock.CreateTimer("virtio", GoOn);
        Queues = [.. device.QueueSizes.Select((size, index) => new VirtQueue(dma, index, size, Break, Exhausted, Used))];
        device.Connect(this);
    }

    /// <summary>The device.</summary>
    public VirtioDevice Device { get; }

    /// <summary>Its queues.</summary>
    public IReadOnlyList<VirtQueue> Queues { get; }

    /// <summary>The device status field.</summary>
    public VirtioStatus Status { get; private set; }

    /// <summary>What was agreed on with the driver.</summary>
    public ulong Agreed { get; private set; }

    /// <summary>Whether the driver is ready and the device works.</summary>
    public bool IsRunning => (Status & (VirtioStatus.DriverOk | VirtioStatus.NeedsReset)) == VirtioStatus.DriverOk
        && (IsLegacy || (Status & VirtioStatus.FeaturesOk) != 0);

    /// <summary>Counts changes of the configuration space.</summary>
    public byte Generation { get; private set; }

    /// <summary>Whether the driver uses the interface of before virtio 1.</summary>
    public bool IsLegacy { get; private set; }

    /// <summary>How many MSI-X vectors there are.</summary>
    internal int VectorCount { get; }

    /// <summary>The vector that a driver has chosen. One that there is not reads back as none, which tells it (section 4.1.5.1.2).</summary>
    internal ushort VectorOf(ulong value) => value < (ulong)VectorCount ? (ushort)value : NoVector;

    /// <summary>The interrupt status: bit 0 for queues, bit 1 for the configuration space.</summary>
    internal byte Interrupts { get; private set; }

    internal uint OfferedSelector { get; set; }

    internal uint AcceptedSelector { get; set; }

    internal ushort QueueSelector { get; set; }

    internal ushort ConfigVector { get; set; } = NoVector;

    /// <summary>The queue that the driver looks at, or null if there is none of that number.</summary>
    internal VirtQueue? Selected => QueueSelector < Queues.Count ? Queues[QueueSelector] : null;

    /// <summary>The 32 offered features that the driver looks at.</summary>
    internal uint OfferedWindow => OfferedSelector < 2 ? (uint)(Offered >> (int)(32 * OfferedSelector)) : 0;

    /// <summary>The 32 accepted features that the driver writes.</summary>
    internal uint AcceptedWindow
    {
        get => AcceptedSelector < 2 ? (uint)(Agreed >> (int)(32 * AcceptedSelector)) : 0;
        set
        {
            // Agreed is agreed.
            if (AcceptedSelector >= 2 || (Status & (VirtioStatus.FeaturesOk | VirtioStatus.DriverOk)) != 0)
                return;
            var shift = (int)(32 * AcceptedSelector);
            IsLegacy = false;
            Agreed = (Agreed & ~((ulong)uint.MaxValue << shift)) | (ulong)value << shift;
        }
    }

    private ulong Offered => Device.Features | VirtioFeature.Offered;

    /// <summary>Tells the driver that the configuration space has changed.</summary>
    public void ConfigChanged()
    {
        Generation++;
        if ((Status & VirtioStatus.DriverOk) != 0)
            Raise(2, ConfigVector);
    }

    /// <summary>Stops the device until the driver resets it.</summary>
    public void Break()
    {
        if ((Status & VirtioStatus.NeedsReset) != 0)
            return;
        Status |= VirtioStatus.NeedsReset;
        Device.Reset();
        foreach (var queue in Queues)
            queue.Stop();
        if ((Status & VirtioStatus.DriverOk) != 0)
            Raise(2, ConfigVector);
    }

    /// <summary>Puts device and queues into their state after power-up.</summary>
    public void Reset()
    {
        Device.Reset();
        ResetNegotiation();
    }

    private void ResetNegotiation()
    {
        (Status, Agreed, OfferedSelector, AcceptedSelector, QueueSelector) = (VirtioStatus.None, 0, 0, 0, 0);
        (ConfigVector, Generation, IsLegacy, Interrupts) = (NoVector, 0, false, 0);
        foreach (var queue in Queues)
            queue.Reset();
        _goOn.Disarm();
        _interrupt(NoVector);
    }

    /// <summary>The driver writes the status field.</summary>
    internal void SetStatus(byte value)
    {
        if (value == 0)
        {
            Reset();
            return;
        }
        var (before, wasRunning) = (Status, IsRunning);
        // A driver adds bits; NeedsReset is the device's.
        Status = before | (VirtioStatus)value & DriversBits;
        if ((Status & ~before & VirtioStatus.FeaturesOk) != 0 && ((Agreed & ~Offered) != 0 || (Agreed & VirtioFeature.Version1) == 0))
            Status &= ~VirtioStatus.FeaturesOk;
        if (IsRunning && !wasRunning)
            Bounded(Device.Start);
    }

    /// <summary>The driver does what only one older than virtio 1 does; such a one need not accept any features.</summary>
    internal void UseLegacy()
    {
        if (IsLegacy || (Status & (VirtioStatus.FeaturesOk | VirtioStatus.DriverOk)) != 0)
            return;
        IsLegacy = true;
        Agreed &= OfferedToLegacy;
    }

    /// <summary>The driver accepts features as before virtio 1.</summary>
    internal void AcceptAsLegacy(uint features)
    {
        if ((Status & (VirtioStatus.FeaturesOk | VirtioStatus.DriverOk)) != 0)
            return;
        IsLegacy = true;
        Agreed = features & (Device.Features | VirtioFeature.OfferedToLegacy);
    }

    /// <summary>What a driver is offered that is older than virtio 1.</summary>
    internal uint OfferedToLegacy => (uint)(Device.Features | VirtioFeature.OfferedToLegacy);

    /// <summary>The driver enables the selected queue.</summary>
    internal void EnableQueue()
    {
        if (Selected is { IsEnabled: false } queue && queue.IsLegalSize(queue.Size, Agreed))
            queue.Enable(Agreed);
    }

    /// <summary>The driver resets the selected queue alone.</summary>
    internal void ResetQueue()
    {
        if (Selected is not { IsEnabled: true } queue || (Agreed & VirtioFeature.RingReset) == 0)
            return;
        ResetQueue(queue);
    }

    /// <summary>Resets a queue, whose chains are taken from the device.</summary>
    internal void ResetQueue(VirtQueue queue)
    {
        queue.Reset();
        Bounded(() => Device.ResetQueue(queue));
    }

    /// <summary>The driver notifies the device of a queue.</summary>
    internal void Notify(int index)
    {
        if (!IsRunning || index >= Queues.Count || !Queues[index].IsEnabled)
            return;
        Bounded(() => Device.Notified(Queues[index]));
    }

    /// <summary>The driver reads the interrupt status, which clears it.</summary>
    internal byte TakeInterrupts()
    {
        var value = Interrupts;
        Interrupts = 0;
        return value;
    }

    internal VirtioCoreState Capture() => new(
        (byte)Status, Agreed, OfferedSelector, AcceptedSelector, QueueSelector, ConfigVector, Generation, IsLegacy, Interrupts,
        _goOn.Deadline, [.. Queues.Select(q => q.Capture())]);

    internal void Check(string name, VirtioCoreState state)
    {
        if (state.Queues.Length != Queues.Count || state.Queues.Any(q => q?.InFlight is null || q.InFlight.Any(chain => chain?.Descriptors is null)))
            throw new SavedStateException($"{name}: the saved state does not have {Queues.Count} queues.");
    }

    /// <summary>Takes on a state; <see cref="Continue"/> lets the device go on.</summary>
    internal void Apply(VirtioCoreState state)
    {
        ResetNegotiation();
        Status = (VirtioStatus)state.Status & (DriversBits | VirtioStatus.NeedsReset);
        IsLegacy = state.IsLegacy;
        // What was agreed on is something that could be agreed on.
        Agreed = state.DriverFeatures & (IsLegacy ? OfferedToLegacy : (Status & VirtioStatus.FeaturesOk) != 0 ? Offered : ulong.MaxValue);
        (OfferedSelector, AcceptedSelector, QueueSelector) = (state.OfferedSelector, state.AcceptedSelector, state.QueueSelector);
        ConfigVector = state.ConfigVector < VectorCount ? state.ConfigVector : NoVector;
        (Generation, Interrupts) = (state.Generation, (byte)(state.Interrupts & 3));
        for (var i = 0; i < Queues.Count; i++)
            Queues[i].Apply(state.Queues[i], Agreed, VectorCount);
        if (state.GoesOnAt is { } deadline)
            _goOn.Arm(Math.Clamp(deadline, 0, _clock.Now + Breather));
    }

    internal void Continue()
    {
        if (IsRunning)
            Bounded(Device.Continue);
    }

    /// <summary>Looks into all queues as if the driver had notified the device of each.</summary>
    private void GoOn()
    {
        for (var i = 0; i < Queues.Count; i++)
            Notify(i);
    }

    /// <summary>Lets the device work with as many chains of each queue as it has room for, and some more.</summary>
    private void Bounded(Action work)
    {
        foreach (var queue in Queues)
            queue.Bound(true);
        work();
        foreach (var queue in Queues)
            queue.Bound(false);
    }

    private void Exhausted() => _goOn.Arm(_clock.Now + Breather);

    private void Used(VirtQueue queue) => Raise(1, queue.Vector);

    private void Raise(byte cause, int vector)
    {
        Interrupts |= cause;
        _interrupt(vector);
    }
}
