using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio.Rings;

/// <summary>A packed ring.</summary>
public sealed class PackedDriverRing(GuestMemory memory, int size, ulong address, bool hasEventIndex) : DriverRing(memory, size, address, hasEventIndex)
{
    private const ushort Available = 1 << 7, Used = 1 << 15;

    private readonly Dictionary<ushort, int> _chains = [];
    private int _next, _last, _inFlight, _addedSince;
    private bool _wrap = true, _usedWrap = true;

    public override ulong Descriptors => Start;

    public override ulong Driver => Start + 0x800;

    public override ulong Device => Start + 0x900;

    public override int Free => Size - _inFlight;

    public override ushort? Add(IReadOnlyList<DriverBuffer> buffers, ulong? table)
    {
        var own = table is null ? buffers.Count : 1;
        if (own > Free)
            return null;
        // IDs are the driver's own choice: here not those of the places.
        var id = (ushort)Enumerable.Range(0, 0x10000).Select(i => (i + 7) & 0xFFFF).First(i => !_chains.ContainsKey((ushort)i));
        var (first, firstFlags) = (Start + (ulong)_next * 16, (ushort)0);
        for (var i = 0; i < own; i++)
        {
            var at = Start + (ulong)_next * 16;
            var flags = (ushort)(_wrap ? Available : Used);
            if (table is { } place)
            {
                for (var each = 0; each < buffers.Count; each++)
                    PutDescriptor(place + (ulong)each * 16, buffers[each].Address, buffers[each].Length, 0x5A5A, buffers[each].IsWritable ? WriteFlag : (ushort)0);
                flags |= IndirectFlag;
                PutDescriptor(at, place, (uint)buffers.Count * 16, id, i == 0 ? Get<ushort>(at + 14) : flags);
            }
            else
            {
                flags |= (ushort)((buffers[i].IsWritable ? WriteFlag : 0) | (i + 1 < own ? NextFlag : 0));
                PutDescriptor(at, buffers[i].Address, buffers[i].Length, i + 1 == own ? id : (ushort)0x1234, i == 0 ? Get<ushort>(at + 14) : flags);
            }
            if (i == 0)
                firstFlags = flags;
            (_next, _wrap) = _next + 1 < Size ? (_next + 1, _wrap) : (0, !_wrap);
        }
        // The first descriptor's flags last of all (section 2.8.21).
        Put(first + 14, firstFlags);
        _chains.Add(id, own);
        _inFlight += own;
        _addedSince += own;
        return id;
    }

    public override bool MustNotify()
    {
        var added = _addedSince;
        _addedSince = 0;
        if (added == 0)
            return false;
        var flags = Get<ushort>(Device + 2) & 3;
        if (flags != 2)
            return flags == 0;
        Assert.True(HasEventIndex);
        var wanted = Get<ushort>(Device);
        // Positions of the descriptors added, from the newest backwards (section 2.8.10).
        for (var (at, wrap, i) = (_next, _wrap, 0); i < added; i++)
        {
            (at, wrap) = at > 0 ? (at - 1, wrap) : (Size - 1, !wrap);
            if (at == (wanted & 0x7FFF) && wrap == ((wanted & 0x8000) != 0))
                return true;
        }
        return false;
    }

    public override (ushort Id, uint Written)? Take()
    {
        if (!IsUsed())
            return null;
        var at = Start + (ulong)_last * 16;
        var id = Get<ushort>(at + 12);
        Assert.True(_chains.Remove(id, out var count), $"Chain {id} was returned and is not the device's.");
        _inFlight -= count;
        _last += count;
        if (_last >= Size)
            (_last, _usedWrap) = (_last - Size, !_usedWrap);
        var written = Get<uint>(at + 8);
        Assert.Equal(written != 0, (Get<ushort>(at + 14) & WriteFlag) != 0);
        return (id, written);
    }

    public override bool Want(bool interrupts)
    {
        if (interrupts && HasEventIndex)
            Put(Driver, (ushort)(_last | (_usedWrap ? 0x8000 : 0)));
        Put(Driver + 2, (ushort)(!interrupts ? 1 : HasEventIndex ? 2 : 0));
        return IsUsed();
    }

    private bool IsUsed()
    {
        var flags = Get<ushort>(Start + (ulong)_last * 16 + 14);
        return (flags & Available) != 0 == _usedWrap && (flags & Used) != 0 == _usedWrap;
    }
}
