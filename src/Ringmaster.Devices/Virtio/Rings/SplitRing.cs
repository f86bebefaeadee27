using Ringmaster.Devices.Dma;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>A split ring (virtio 1.2 section 2.7): a table of descriptors, a ring of what is available, a ring of what is used.</summary>
/// <param name="dma">Memory as the device sees it.</param>
/// <param name="layout">Where it is, and how large.</param>
internal sealed class SplitRing(DmaSpace dma, RingLayout layout) : IRing
{
    private const ushort NoInterrupt = 1, NoNotify = 1;
    private const int Header = 4, UsedElement = 8;

    private ushort _available, _used;
    private uint _unsignalled;

    public RingPosition Position
    {
        get => new(_available, _used, _unsignalled);
        set => (_available, _used, _unsignalled) = (value.Available, value.Used, value.Unsignalled);
    }

    private GuestPhysicalAddress AvailableIndex => layout.Driver + 2;

    private GuestPhysicalAddress UsedEvent => layout.Driver + (ulong)(Header + 2 * layout.Size);

    private GuestPhysicalAddress UsedIndex => layout.Device + 2;

    private GuestPhysicalAddress AvailableEvent => layout.Device + (ulong)(Header + UsedElement * layout.Size);

    public RingResult Take(out DescriptorChain? chain)
    {
        chain = null;
        if (!dma.TryRead(AvailableIndex, out ushort index))
            return RingResult.Broken;
        var waiting = (ushort)(index - _available);
        if (waiting == 0)
            return RingResult.Empty;
        if (waiting > layout.Size || !dma.TryRead(layout.Driver + (ulong)(Header + 2 * (_available % layout.Size)), out ushort head))
            return RingResult.Broken;
        chain = Read(head);
        if (chain is null)
            return RingResult.Broken;
        _available++;
        return RingResult.Taken;
    }

    public DescriptorChain? Retake(ChainState state) => Read(state.Id);

    public bool Return(ReadOnlySpan<UsedChain> chains)
    {
        var used = _used;
        foreach (var (chain, written) in chains)
        {
            if (!dma.TryWrite(layout.Device + (ulong)(Header + UsedElement * (used % layout.Size)), chain.Id | (ulong)written << 32))
                return false;
            used++;
        }
        // The elements before the index, which stores of x86 keep in this order.
        if (!dma.TryWrite(UsedIndex, used))
            return false;
        (_used, _unsignalled) = (used, _unsignalled + (uint)chains.Length);
        return true;
    }

    public bool WantsInterrupt()
    {
        // The index is to be seen before the driver's wish is read (section 2.7.7.2).
        Interlocked.MemoryBarrier();
        var returned = _unsignalled;
        _unsignalled = 0;
        if (returned == 0)
            return false;
        if (!layout.HasEventIndex)
            return dma.TryRead(layout.Driver, out ushort flags) && (flags & NoInterrupt) == 0;
        return dma.TryRead(UsedEvent, out ushort wanted) && (ushort)(_used - wanted - 1) < returned;
    }

    public bool AskForNotification(bool wanted)
    {
        if (layout.HasEventIndex)
        {
            if (wanted)
                dma.TryWrite(AvailableEvent, _available);
        }
        else
        {
            dma.TryWrite(layout.Device, wanted ? (ushort)0 : NoNotify);
        }
        if (!wanted)
            return false;
        // The driver may have looked before it could see this.
        Interlocked.MemoryBarrier();
        return dma.TryRead(AvailableIndex, out ushort index) && index != _available;
    }

    /// <summary>Follows a chain from its head; null if it breaks the rules.</summary>
    private DescriptorChain? Read(ushort head)
    {
        var builder = new ChainBuilder(dma, layout.Size);
        var (table, count, at, isIndirect) = (layout.Descriptors, layout.Size, head, false);
        for (var steps = 0; steps < layout.Size; steps++)
        {
            if (at >= count || !dma.TryRead(table + (ulong)(at * Descriptor.Size), out Descriptor descriptor))
                return null;
            if ((descriptor.Flags & Descriptor.IndirectFlag) != 0)
            {
                // It ends the chain, and does not lead to another table (section 2.7.5.3.1).
                if (isIndirect || !layout.HasIndirect || (descriptor.Flags & Descriptor.NextFlag) != 0
                    || descriptor.Length == 0 || descriptor.Length % Descriptor.Size != 0)
                    return null;
                (table, count, at, isIndirect) = (new(descriptor.Address), (int)Math.Min(descriptor.Length / Descriptor.Size, ushort.MaxValue + 1u), 0, true);
                steps = -1;
                continue;
            }
            if (!builder.TryAdd(descriptor.Address, descriptor.Length, (descriptor.Flags & Descriptor.WriteFlag) != 0))
                return null;
            if ((descriptor.Flags & Descriptor.NextFlag) == 0)
                return builder.Build(head, 1);
            at = descriptor.Next;
        }
        return null;
    }
}
