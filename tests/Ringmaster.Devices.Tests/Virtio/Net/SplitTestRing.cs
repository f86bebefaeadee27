using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio.Net;

/// <summary>A split ring (virtio 1.2 section 2.7).</summary>
internal sealed class SplitTestRing(GuestMemory memory, ulong start, int size, bool hasEvents) : TestRing(memory, start, size)
{
    private const ushort Next = 1, Writable = 2;

    private readonly Queue<ushort> _free = new(Enumerable.Range(0, size).Select(i => (ushort)i));
    private readonly Dictionary<ushort, ushort[]> _chains = [];
    private ushort _added, _seen;

    public override bool WantsNotification =>
        hasEvents ? Read<ushort>(Device + 4 + 8 * (ulong)Size) == _added : (Read<ushort>(Device) & 1) == 0;

    public override ushort Add(params IReadOnlyList<(ulong Address, int Length, bool IsWritable)> buffers)
    {
        var chain = buffers.Select(_ => _free.Dequeue()).ToArray();
        for (var i = 0; i < chain.Length; i++)
        {
            var at = Descriptors + 16UL * chain[i];
            var isLast = i == chain.Length - 1;
            Write(at, buffers[i].Address);
            Write(at + 8, buffers[i].Length);
            Write(at + 12, (ushort)((isLast ? 0 : Next) | (buffers[i].IsWritable ? Writable : 0)));
            Write(at + 14, isLast ? (ushort)0 : chain[i + 1]);
        }
        _chains[chain[0]] = chain;
        Write(Driver + 4 + 2 * (ulong)(_added % Size), chain[0]);
        Write(Driver + 2, ++_added);
        return chain[0];
    }

    public override (ushort Id, uint Written)? Take()
    {
        if (Read<ushort>(Device + 2) == _seen)
            return null;
        var element = Read<ulong>(Device + 4 + 8 * (ulong)(_seen % Size));
        if (hasEvents)
            Write(Driver + 4 + 2 * (ulong)Size, (ushort)(_seen + 1));
        _seen++;
        var id = (ushort)element;
        Assert.True(_chains.Remove(id, out var chain), "The device returns what it was not given.");
        foreach (var descriptor in chain)
            _free.Enqueue(descriptor);
        return (id, (uint)(element >> 32));
    }
}
