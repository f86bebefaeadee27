using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio.Rings;

/// <summary>A split ring; the parts lie as a legacy driver has to place them.</summary>
public sealed class SplitDriverRing : DriverRing
{
    private readonly Stack<ushort> _free = [];
    private readonly Dictionary<ushort, ushort[]> _chains = [];
    private ushort _available, _used, _announced;

    public SplitDriverRing(GuestMemory memory, int size, ulong address, bool hasEventIndex) : base(memory, size, address, hasEventIndex)
    {
        for (var i = size; i-- > 0;)
            _free.Push((ushort)i);
    }

    public override ulong Descriptors => Start;

    public override ulong Driver => Start + (ulong)Size * 16;

    public override ulong Device => (Driver + 6 + 2 * (ulong)Size + 4095) & ~4095UL;

    public override int Free => _free.Count;

    private ulong UsedEvent => Driver + 4 + 2 * (ulong)Size;

    private ulong AvailableEvent => Device + 4 + 8 * (ulong)Size;

    public override ushort? Add(IReadOnlyList<DriverBuffer> buffers, ulong? table)
    {
        var own = table is null ? buffers.Count : 1;
        if (own > _free.Count)
            return null;
        ushort[] chain = [.. Enumerable.Range(0, own).Select(_ => _free.Pop())];
        if (table is { } at)
        {
            for (var i = 0; i < buffers.Count; i++)
                PutBuffer(at + (ulong)i * 16, buffers[i], i + 1 < buffers.Count ? (ushort)(i + 1) : null);
            PutDescriptor(Start + chain[0] * 16UL, at, (uint)buffers.Count * 16, IndirectFlag, 0xFFFF);
        }
        else
        {
            for (var i = 0; i < own; i++)
                PutBuffer(Start + chain[i] * 16UL, buffers[i], i + 1 < own ? chain[i + 1] : null);
        }
        _chains.Add(chain[0], chain);
        Put(Driver + 4 + 2 * (ulong)(_available % Size), chain[0]);
        Put(Driver + 2, ++_available);
        return chain[0];
    }

    public override bool MustNotify()
    {
        var (before, now) = (_announced, _available);
        _announced = now;
        if (before == now)
            return false;
        return HasEventIndex
            // Section 2.7.7.1: the position that the device asks for is among those filled.
            ? (ushort)(now - Get<ushort>(AvailableEvent) - 1) < (ushort)(now - before)
            : (Get<ushort>(Device) & 1) == 0;
    }

    public override (ushort Id, uint Written)? Take()
    {
        if (Get<ushort>(Device + 2) == _used)
            return null;
        var element = Device + 4 + 8 * (ulong)(_used % Size);
        _used++;
        var id = checked((ushort)Get<uint>(element));
        Assert.True(_chains.Remove(id, out var chain), $"Chain {id} was returned and is not the device's.");
        foreach (var descriptor in chain)
            _free.Push(descriptor);
        return (id, Get<uint>(element + 4));
    }

    public override bool Want(bool interrupts)
    {
        if (!HasEventIndex)
            Put(Driver, (ushort)(interrupts ? 0 : 1));
        else
            Put(UsedEvent, interrupts ? _used : (ushort)(_used - 1));
        return Get<ushort>(Device + 2) != _used;
    }

    private void PutBuffer(ulong at, DriverBuffer buffer, ushort? next) => PutDescriptor(at, buffer.Address, buffer.Length,
        (ushort)((next is null ? 0 : NextFlag) | (buffer.IsWritable ? WriteFlag : 0)), next ?? 0xABCD);
}
