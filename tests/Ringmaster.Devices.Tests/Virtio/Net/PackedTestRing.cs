using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio.Net;

/// <summary>A packed ring (virtio 1.2 section 2.8).</summary>
internal sealed class PackedTestRing(GuestMemory memory, ulong start, int size, bool hasEvents) : TestRing(memory, start, size)
{
    private const ushort Next = 1, Writable = 2, Available = 1 << 7, Used = 1 << 15;

    private readonly Dictionary<ushort, int> _chains = [];
    private int _at, _seen;
    private bool _wrap = true, _seenWrap = true;
    private ushort _id;

    public override bool WantsNotification => (Read<uint>(Device) >> 16 & 3) switch
    {
        0 => true,
        2 => hasEvents && Read<ushort>(Device) == (_at | (_wrap ? 0x8000 : 0)),
        _ => false,
    };

    public override ushort Add(params IReadOnlyList<(ulong Address, int Length, bool IsWritable)> buffers)
    {
        Assert.True(_chains.Values.Sum() + buffers.Count <= Size, "The ring is full.");
        var id = _id++;
        var first = (Address: 0UL, Flags: (ushort)0);
        for (var i = 0; i < buffers.Count; i++)
        {
            var at = Descriptors + 16UL * (ulong)_at;
            Write(at, buffers[i].Address);
            Write(at + 8, buffers[i].Length);
            Write(at + 12, id);
            var flags = (ushort)((i < buffers.Count - 1 ? Next : 0) | (buffers[i].IsWritable ? Writable : 0) | (_wrap ? Available : Used));
            if (i == 0)
                first = (at + 14, flags);
            else
                Write(at + 14, flags);
            (_at, _wrap) = Advance(_at, _wrap, 1);
        }
        Write(first.Address, first.Flags);
        _chains[id] = buffers.Count;
        return id;
    }

    public override (ushort Id, uint Written)? Take()
    {
        var at = Descriptors + 16UL * (ulong)_seen;
        var flags = Read<ushort>(at + 14);
        if ((flags & Used) != 0 != _seenWrap || (flags & Available) != 0 != _seenWrap)
            return null;
        var id = Read<ushort>(at + 12);
        Assert.True(_chains.Remove(id, out var count), "The device returns what it was not given.");
        (_seen, _seenWrap) = Advance(_seen, _seenWrap, count);
        if (hasEvents)
            Write(Driver, (uint)_seen | (_seenWrap ? 0x8000u : 0) | 2u << 16);
        return (id, Read<uint>(at + 8));
    }

    private (int At, bool Wrap) Advance(int at, bool wrap, int count) => at + count < Size ? (at + count, wrap) : (at + count - Size, !wrap);
}
