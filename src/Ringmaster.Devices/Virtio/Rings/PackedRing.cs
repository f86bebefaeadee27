using Ringmaster.Devices.Dma;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Virtio.Rings;

/// <summary>
/// A packed ring (virtio 1.2 section 2.8): one table in which each side overwrites what the other has done, and two flags a
/// descriptor that tell, together with a counter that flips at each turn, whose it is.
/// </summary>
/// <param name="dma">Memory as the device sees it.</param>
/// <param name="layout">Where it is, and how large.</param>
internal sealed class PackedRing(DmaSpace dma, RingLayout layout) : IRing
{
    private const ushort WrapBit = 0x8000;
    private const ushort EnableAll = 0, DisableAll = 1, EnableAt = 2;

    private ushort _available = WrapBit, _used = WrapBit;
    private uint _unsignalled;

    public RingPosition Position
    {
        get => new(_available, _used, _unsignalled);
        set => (_available, _used, _unsignalled) = (Legal(value.Available), Legal(value.Used), value.Unsignalled);
    }

    public RingResult Take(out DescriptorChain? chain)
    {
        chain = null;
        if (!TryReadFlags(_available, out var flags))
            return RingResult.Broken;
        if (!IsAvailable(flags, _available))
            return RingResult.Empty;
        var found = new List<RingDescriptor>();
        for (var at = _available; found.Count < layout.Size; at = Advance(at, 1))
        {
            if (!dma.TryRead(DescriptorAt(at), out PackedDescriptor descriptor))
                return RingResult.Broken;
            found.Add(new RingDescriptor(descriptor.Address, descriptor.Length, descriptor.Flags));
            if ((descriptor.Flags & PackedDescriptor.NextFlag) != 0)
                continue;
            // The last descriptor has the buffer's ID.
            chain = Build(descriptor.Id, found);
            if (chain is not null)
                _available = Advance(_available, chain.Count);
            return chain is null ? RingResult.Broken : RingResult.Taken;
        }
        return RingResult.Broken;
    }

    public DescriptorChain? Retake(ChainState state) =>
        state.Descriptors.Length is var count && count > 0 && count <= layout.Size ? Build(state.Id, state.Descriptors) : null;

    public bool Return(ReadOnlySpan<UsedChain> chains)
    {
        var (used, count) = (_used, 0u);
        foreach (var (chain, written) in chains)
        {
            count += (uint)chain.Count;
            var at = DescriptorAt(used);
            // The driver looks at the first of them only, whose flags come last.
            if (!dma.TryWrite(at + 8, written) || !dma.TryWrite(at + 12, chain.Id) || (used != _used && !TryWriteFlags(used, written)))
                return false;
            used = Advance(used, chain.Count);
        }
        // Stores of x86 keep this order.
        if (!TryWriteFlags(_used, chains[0].Written))
            return false;
        (_used, _unsignalled) = (used, _unsignalled + count);
        return true;
    }

    public bool WantsInterrupt()
    {
        Interlocked.MemoryBarrier();
        var returned = _unsignalled;
        _unsignalled = 0;
        if (returned == 0 || !dma.TryRead(layout.Driver, out uint wish))
            return false;
        switch (wish >> 16 & 3)
        {
            case EnableAll:
                return true;
            case EnableAt when layout.HasEventIndex:
                // How far back the position lies, in this turn or the one before.
                var distance = Index(_used) - (int)(wish & 0x7FFF) + ((wish & WrapBit) == (_used & WrapBit) ? 0 : layout.Size);
                return distance > 0 && distance <= returned;
            default:
                return false;
        }
    }

    public bool AskForNotification(bool wanted)
    {
        var wish = !wanted ? (uint)DisableAll << 16 : layout.HasEventIndex ? (uint)EnableAt << 16 | _available : (uint)EnableAll << 16;
        dma.TryWrite(layout.Device, wish);
        if (!wanted)
            return false;
        Interlocked.MemoryBarrier();
        return TryReadFlags(_available, out var flags) && IsAvailable(flags, _available);
    }

    private static int Index(ushort position) => position & ~WrapBit;

    /// <summary>Available: the flag of that name is the counter's, the other one not (section 2.8.1).</summary>
    private static bool IsAvailable(ushort flags, ushort position)
    {
        var wrap = (position & WrapBit) != 0;
        return ((flags & PackedDescriptor.AvailableFlag) != 0) == wrap && ((flags & PackedDescriptor.UsedFlag) != 0) != wrap;
    }

    private GuestPhysicalAddress DescriptorAt(ushort position) => layout.Descriptors + (ulong)(Index(position) * PackedDescriptor.Size);

    private bool TryReadFlags(ushort position, out ushort flags) => dma.TryRead(DescriptorAt(position) + 14, out flags);

    private bool TryWriteFlags(ushort position, uint written)
    {
        var flags = (ushort)((position & WrapBit) != 0 ? PackedDescriptor.AvailableFlag | PackedDescriptor.UsedFlag : 0);
        return dma.TryWrite(DescriptorAt(position) + 14, written == 0 ? flags : (ushort)(flags | PackedDescriptor.WriteFlag));
    }

    /// <summary>Makes a chain of what was in the ring; null if it breaks the rules.</summary>
    private DescriptorChain? Build(ushort id, IReadOnlyList<RingDescriptor> found)
    {
        var builder = new ChainBuilder(dma, layout.Size);
        foreach (var descriptor in found)
        {
            // A table is a chain of its own (section 2.8.7).
            var isTable = (descriptor.Flags & PackedDescriptor.IndirectFlag) != 0;
            if (isTable ? found.Count > 1 || !layout.HasIndirect || !TryAddTable(builder, descriptor)
                : !builder.TryAdd(descriptor.Address, descriptor.Length, (descriptor.Flags & PackedDescriptor.WriteFlag) != 0))
                return null;
        }
        return builder.Build(id, found.Count) with { Found = found };
    }

    private bool TryAddTable(ChainBuilder builder, in RingDescriptor table)
    {
        if (table.Length == 0 || table.Length % PackedDescriptor.Size != 0 || table.Length / PackedDescriptor.Size > layout.Size)
            return false;
        for (uint at = 0; at < table.Length; at += PackedDescriptor.Size)
        {
            if (table.Address > ulong.MaxValue - table.Length || !dma.TryRead(new(table.Address + at), out PackedDescriptor descriptor)
                || !builder.TryAdd(descriptor.Address, descriptor.Length, (descriptor.Flags & PackedDescriptor.WriteFlag) != 0))
                return false;
        }
        return true;
    }

    private ushort Advance(ushort position, int count)
    {
        var index = Index(position) + count;
        return index < layout.Size ? (ushort)(index | position & WrapBit) : (ushort)((index - layout.Size) | ~position & WrapBit);
    }

    private ushort Legal(ushort position) => Index(position) < layout.Size ? position : (ushort)(position & WrapBit);
}
