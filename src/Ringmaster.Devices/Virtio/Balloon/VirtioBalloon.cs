using System.Buffers.Binary;
using System.Text.Json;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Virtio.Rings;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Virtio.Balloon;

/// <summary>
/// A memory balloon (virtio 1.2 section 5.5): the guest gives up pages that it is asked for, tells of others that it does not use
/// at the moment, and the host gets them back. A page that is used again is zero and takes host memory again.
/// </summary>
/// <param name="dma">Memory as the device sees it.</param>
public sealed class VirtioBalloon(DmaSpace dma) : VirtioDevice
{
    private const ulong Statistics = 1 << 1, DeflateOnOutOfMemory = 1 << 2, Reporting = 1 << 5;
    private const int PageShift = 12, PageSize = 4096, ActualOffset = 4, MostPages = 4096, MostStatistics = 64, StatisticLength = 10;

    private readonly Dictionary<MemoryStatistic, ulong> _statistics = [];
    private uint _target, _actual;
    private bool _isAsked;
    private DescriptorChain? _held;

    private enum Role
    {
        Inflate,
        Deflate,
        Statistics,
        Reporting,
    }

    /// <inheritdoc/>
    public override VirtioType Type => VirtioType.Balloon;

    /// <inheritdoc/>
    public override ulong Features => Statistics | DeflateOnOutOfMemory | Reporting;

    /// <inheritdoc/>
    public override IReadOnlyList<int> QueueSizes { get; } = [128, 128, 64, 64, 64];

    /// <inheritdoc/>
    public override int ConfigLength => 16;

    /// <summary>Bytes that the guest says to have given up.</summary>
    public ulong Actual => (ulong)_actual << PageShift;

    /// <summary>What the guest said last of its memory; nothing before it was asked.</summary>
    public IReadOnlyDictionary<MemoryStatistic, ulong> LastStatistics => _statistics;

    /// <summary>How many bytes the guest is asked to give up.</summary>
    public ulong Target
    {
        get => (ulong)_target << PageShift;
        set
        {
            var pages = (uint)Math.Min(value >> PageShift, uint.MaxValue);
            if (pages == _target)
                return;
            _target = pages;
            ConfigChanged();
        }
    }

    /// <summary>Asks the guest for statistics, which are in <see cref="LastStatistics"/> some time later.</summary>
    public void AskForStatistics()
    {
        _isAsked = true;
        GiveStatisticsBack();
    }

    /// <inheritdoc/>
    public override void ReadConfig(Span<byte> config)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(config, _target);
        BinaryPrimitives.WriteUInt32LittleEndian(config[ActualOffset..], _actual);
    }

    /// <inheritdoc/>
    public override void WriteConfig(int offset, ReadOnlySpan<byte> bytes)
    {
        Span<byte> actual = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(actual, _actual);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (offset + i is >= ActualOffset and < ActualOffset + sizeof(uint))
                actual[offset + i - ActualOffset] = bytes[i];
        }
        _actual = BinaryPrimitives.ReadUInt32LittleEndian(actual);
    }

    /// <inheritdoc/>
    public override void Start()
    {
        for (var i = 0; i < QueueSizes.Count; i++)
            Notified(Queue(i));
    }

    /// <inheritdoc/>
    public override void Continue()
    {
        for (var i = 0; i < QueueSizes.Count; i++)
        {
            if (RoleOf(i) == Role.Statistics)
                _held = Queue(i).Retake() is [.., var last] ? last : null;
        }
    }

    /// <inheritdoc/>
    public override void Notified(VirtQueue queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var role = RoleOf(queue.Index);
        do
        {
            while (queue.Take() is { } chain)
            {
                switch (role)
                {
                    case Role.Inflate:
                        GiveUp(chain.Readable);
                        break;
                    case Role.Reporting:
                        foreach (var buffer in chain.Writable.Pieces)
                            dma.Discard(buffer.Address, buffer.Length);
                        break;
                    case Role.Statistics:
                        Note(queue, chain);
                        continue;
                }
                queue.Return(chain, 0);
            }
        }
        while (queue.AskForNotification(true));
        queue.Notify();
        if (role == Role.Statistics)
            GiveStatisticsBack();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        (_actual, _isAsked, _held) = (0, false, null);
        _statistics.Clear();
    }

    /// <inheritdoc/>
    public override void ResetQueue(VirtQueue queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        if (RoleOf(queue.Index) == Role.Statistics)
            _held = null;
    }

    /// <inheritdoc/>
    public override JsonElement? Save() =>
        JsonSerializer.SerializeToElement(new VirtioBalloonState(_target, _actual, _isAsked), VirtioBalloonStateJson.Default.VirtioBalloonState);

    /// <inheritdoc/>
    public override void Restore(JsonElement? state)
    {
        var saved = Read(state, VirtioBalloonStateJson.Default.VirtioBalloonState);
        Reset();
        (_target, _actual, _isAsked) = (saved.Target, saved.Actual, saved.IsAsked);
    }

    /// <summary>
    /// Queues are numbered in the order in which they exist (section 5.5.2), which drivers understand as: by what was agreed on.
    /// There is no queue for hinting here, so the one for reporting may have its number or the one after.
    /// </summary>
    private Role RoleOf(int index) => index switch
    {
        0 => Role.Inflate,
        1 => Role.Deflate,
        2 when (Agreed & Statistics) != 0 => Role.Statistics,
        // Pages that are only told of are none that may be taken if the driver did not agree to that.
        _ => (Agreed & Reporting) != 0 ? Role.Reporting : Role.Deflate,
    };

    /// <summary>Gives pages back to the host, neighbours together.</summary>
    private void GiveUp(BufferList numbers)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        ulong start = 0, pages = 0;
        // Drivers name 256 at a time; of the rest the host does without.
        var count = Math.Min(numbers.Length / sizeof(uint), MostPages);
        for (ulong i = 0; i < count && numbers.TryRead(i * sizeof(uint), number); i++)
        {
            ulong page = BinaryPrimitives.ReadUInt32LittleEndian(number);
            if (page == start + pages && pages > 0)
            {
                pages++;
                continue;
            }
            dma.Discard(new GuestPhysicalAddress(start << PageShift), pages * PageSize);
            (start, pages) = (page, 1);
        }
        dma.Discard(new GuestPhysicalAddress(start << PageShift), pages * PageSize);
    }

    /// <summary>Statistics stay with the device until it wants new ones (section 5.5.6.3).</summary>
    private void Note(VirtQueue queue, DescriptorChain chain)
    {
        if (_held is { } older)
            queue.Return(older, 0);
        _held = chain;
        _statistics.Clear();
        Span<byte> statistic = stackalloc byte[StatisticLength];
        for (ulong i = 0; i < MostStatistics && chain.Readable.TryRead(i * StatisticLength, statistic); i++)
            _statistics[(MemoryStatistic)BinaryPrimitives.ReadUInt16LittleEndian(statistic)] = BinaryPrimitives.ReadUInt64LittleEndian(statistic[2..]);
    }

    private void GiveStatisticsBack()
    {
        if (!_isAsked || _held is not { } held || !IsRunning)
            return;
        (_isAsked, _held) = (false, null);
        Queue(2).ReturnAndNotify(held, 0);
    }
}
