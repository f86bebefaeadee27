using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Virtio.Rings;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Virtio;

/// <summary>
/// A queue of a virtio device: what the driver says of its ring, and, once it is enabled, chains to take and to return. It
/// remembers which chains the device has and has not returned.
/// </summary>
public sealed class VirtQueue
{
    private readonly DmaSpace _dma;
    private readonly Action _broken;
    private readonly Action<VirtQueue> _interrupt;
    private readonly Action _exhausted;
    private readonly OrderedDictionary<ushort, DescriptorChain> _inFlight = [];
    private IRing? _ring;
    private int _budget = int.MaxValue;
    private int _descriptorsInFlight;

    internal VirtQueue(DmaSpace dma, int index, int maxSize, Action broken, Action exhausted, Action<VirtQueue> interrupt)
    {
        (_dma, Index, MaxSize, _broken, _exhausted, _interrupt) = (dma, index, maxSize, broken, exhausted, interrupt);
        Size = maxSize;
    }

    /// <summary>Which of the device's queues it is.</summary>
    public int Index { get; }

    /// <summary>The most descriptors it can have; a power of two.</summary>
    public int MaxSize { get; }

    /// <summary>Whether the driver has set it up.</summary>
    public bool IsEnabled => _ring is not null;

    /// <summary>How many chains the device has taken and not returned.</summary>
    public int InFlight => _inFlight.Count;

    internal int Size { get; set; }

    internal ulong Descriptors { get; set; }

    internal ulong Driver { get; set; }

    internal ulong Device { get; set; }

    /// <summary>The MSI-X vector; <see cref="VirtioCore.NoVector"/> for none.</summary>
    internal ushort Vector { get; set; } = VirtioCore.NoVector;

    /// <summary>
    /// Takes the next chain that the driver has made available. A ring that breaks the rules stops the whole device. So that a
    /// driver that makes available faster than the device takes does not keep it here for ever, there is an end after some; the
    /// device is notified again soon.
    /// </summary>
    /// <returns>Null if there is none.</returns>
    public DescriptorChain? Take()
    {
        if (_ring is null || _budget == 0)
            return null;
        if (_budget != int.MaxValue && --_budget == 0)
            _exhausted();
        var result = _ring.Take(out var chain);
        // A driver that makes available what it has not been given back breaks the rules, too.
        if (result == RingResult.Broken || (chain is not null && !TryNote(chain)))
        {
            _broken();
            return null;
        }
        return chain;
    }

    /// <summary>
    /// As <see cref="Take"/>, for a device that has something for the driver: if there is no chain, the driver is asked to notify the
    /// device of the next one.
    /// </summary>
    public DescriptorChain? TakeOrAsk() => Take() ?? (AskForNotification(true) ? Take() : null);

    /// <summary>The chains that were taken and not returned, in the order in which they were taken; for a device that was restored.</summary>
    public IReadOnlyList<DescriptorChain> Retake() => [.. _inFlight.Values];

    /// <summary>
    /// Ends the device's turn that a notification began, after work that took long: nothing more is taken now, and the device is
    /// notified again soon.
    /// </summary>
    public void EndTurn()
    {
        if (_budget is 0 or int.MaxValue)
            return;
        _budget = 0;
        _exhausted();
    }

    /// <summary>Gives a chain back. To tell the driver, call <see cref="Notify"/> after one or several.</summary>
    /// <param name="chain">The chain; ignored if the queue was reset since it was taken.</param>
    /// <param name="written">Bytes at the start of its writable part that the device has written.</param>
    public void Return(DescriptorChain chain, uint written)
    {
        ArgumentNullException.ThrowIfNull(chain);
        Return([new(chain, written)]);
    }

    /// <summary>
    /// Gives several chains back at once: the driver sees all of them or none, as it must those of one frame (virtio 1.2 section
    /// 5.1.6.4.1). To tell the driver, call <see cref="Notify"/>.
    /// </summary>
    /// <param name="chains">The chains, in order; ignored if the queue was reset since one was taken.</param>
    public void Return(ReadOnlySpan<UsedChain> chains)
    {
        if (_ring is null || chains.IsEmpty)
            return;
        foreach (var (chain, _) in chains)
        {
            if (!_inFlight.TryGetValue(chain.Id, out var known) || !ReferenceEquals(known, chain))
                return;
        }
        foreach (var (chain, _) in chains)
        {
            _inFlight.Remove(chain.Id);
            _descriptorsInFlight -= chain.Count;
        }
        if (!_ring.Return(chains))
            _broken();
    }

    /// <summary>Interrupts the driver if it wants to know of what has been returned.</summary>
    public void Notify()
    {
        if (_ring?.WantsInterrupt() == true)
            _interrupt(this);
    }

    /// <summary>Gives a chain back and interrupts the driver if it wants to know.</summary>
    public void ReturnAndNotify(DescriptorChain chain, uint written)
    {
        Return(chain, written);
        Notify();
    }

    /// <summary>Tells the driver whether to notify the device of what it makes available.</summary>
    /// <returns>With <paramref name="wanted"/>: whether something is available already, so that no notification will come.</returns>
    public bool AskForNotification(bool wanted) => _ring?.AskForNotification(wanted) == true && _budget > 0;

    /// <summary>The device does something at the driver's bidding, which is to have an end.</summary>
    /// <param name="isBounded">False when it is done.</param>
    internal void Bound(bool isBounded) => _budget = isBounded ? 2 * MaxSize : int.MaxValue;

    /// <summary>Nothing is taken from the ring or returned any more.</summary>
    internal void Stop()
    {
        _ring = null;
        _inFlight.Clear();
        _descriptorsInFlight = 0;
    }

    /// <summary>The driver has set the ring up.</summary>
    /// <param name="features">What was agreed on.</param>
    internal void Enable(ulong features)
    {
        Stop();
        _ring = CreateRing(features);
        _ring.AskForNotification(true);
    }

    internal void Reset()
    {
        Stop();
        (Size, Descriptors, Driver, Device, Vector) = (MaxSize, 0, 0, 0, VirtioCore.NoVector);
    }

    internal VirtQueueState Capture() =>
        new(Size, Descriptors, Driver, Device, Vector, IsEnabled, _ring?.Position ?? default, [.. _inFlight.Values.Select(chain => chain.Capture())]);

    internal void Apply(VirtQueueState state, ulong features, int vectors)
    {
        Reset();
        Size = IsLegalSize(state.Size, features) ? state.Size : MaxSize;
        (Descriptors, Driver, Device) = (state.Descriptors, state.Driver, state.Device);
        Vector = state.Vector < vectors ? state.Vector : VirtioCore.NoVector;
        if (!state.IsEnabled)
            return;
        _ring = CreateRing(features);
        _ring.Position = state.Position;
        foreach (var saved in state.InFlight)
        {
            if (_ring.Retake(saved) is { } chain)
                TryNote(chain);
        }
    }

    /// <summary>Whether the driver may choose a size; a split ring's is a power of two (virtio 1.2 section 2.7).</summary>
    internal bool IsLegalSize(int size, ulong features) =>
        size > 0 && size <= MaxSize && ((features & VirtioFeature.PackedRings) != 0 || int.IsPow2(size));

    /// <summary>Notes a chain as taken.</summary>
    /// <returns>False if the driver cannot have made it available beside the others.</returns>
    private bool TryNote(DescriptorChain chain)
    {
        if (_descriptorsInFlight + chain.Count > Size || !_inFlight.TryAdd(chain.Id, chain))
            return false;
        _descriptorsInFlight += chain.Count;
        return true;
    }

    private IRing CreateRing(ulong features)
    {
        var layout = new RingLayout(Size, new GuestPhysicalAddress(Descriptors), new GuestPhysicalAddress(Driver), new GuestPhysicalAddress(Device),
            (features & VirtioFeature.IndirectDescriptors) != 0, (features & VirtioFeature.EventIndex) != 0);
        return (features & VirtioFeature.PackedRings) != 0 ? new PackedRing(_dma, layout) : new SplitRing(_dma, layout);
    }
}
