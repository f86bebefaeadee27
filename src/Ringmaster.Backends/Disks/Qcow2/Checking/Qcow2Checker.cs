using System.Buffers.Binary;
using Ringmaster.Backends.Disks.Files;
using Ringmaster.Backends.Disks.Qcow2.Format;
using Ringmaster.Backends.Disks.Qcow2.Tables;

namespace Ringmaster.Backends.Disks.Qcow2.Checking;

/// <summary>Compares an image's reference counts and flags with its references, and puts them right.</summary>
internal sealed class Qcow2Checker
{
    private readonly ImageFile _file;
    private readonly CancellationToken _cancel;
    private ReferenceWalk _walk;
    private bool _countsAreWhole;
    private Qcow2Header _header;

    private Qcow2Checker(ImageFile file, Qcow2Header header, CancellationToken cancel)
    {
        (_file, _header, _cancel) = (file, header, cancel);
        _walk = new ReferenceWalk(file, header, Report, cancel);
        _walk.Content();
        _countsAreWhole = _walk.Counts();
    }

    private CheckReport Report { get; } = new();

    private Qcow2Layout Layout => _header.Layout;

    /// <summary>Looks, and changes nothing.</summary>
    internal static ImageCheck Check(ImageFile file, Qcow2Header header, CancellationToken cancel)
    {
        var checker = new Qcow2Checker(file, header, cancel);
        checker.Compare();
        return checker.Result(repaired: false);
    }

    /// <summary>Looks and puts right what can be: all counts, and the flags that follow from them.</summary>
    /// <returns>What was found, and the header as it is now.</returns>
    internal static (ImageCheck Found, Qcow2Header Header) Repair(ImageFile file, Qcow2Header header, CancellationToken cancel)
    {
        var checker = new Qcow2Checker(file, header, cancel);
        checker.Compare();
        var needed = checker.Report.Leaks + checker.Report.Corruptions - checker.Report.Beyond > 0 || !checker._countsAreWhole;
        if (needed)
            checker.PutRight();
        // An image whose references lead astray stays marked, so that nobody writes it as if nothing were wrong.
        if (checker.Report.Beyond == 0)
            checker.ClearMarks();
        return (checker.Result(repaired: true), checker._header);
    }

    private ImageCheck Result(bool repaired) => new(Report.Leaks, Report.Corruptions)
    {
        Repaired = repaired ? Report.Leaks + Report.Corruptions - Report.Beyond : 0,
        Remaining = repaired ? Report.Beyond : Report.Leaks + Report.Corruptions,
        Findings = Report.Findings,
        AllocatedClusters = _walk.InUse.Data,
        CompressedClusters = _walk.InUse.Compressed,
        TotalClusters = Layout.ClustersFor(_header.Size),
        ClusterSize = Layout.ClusterSize,
    };

    private void Compare()
    {
        if (_countsAreWhole)
        {
            var counts = OpenCounts();
            foreach (var (cluster, counted, real) in Differences(counts))
            {
                // A block that is missing cannot be made in place: what it would count may be in use.
                _countsAreWhole &= counts.Counts(cluster);
                if (counted > real)
                    Report.Leak($"Cluster {cluster} counts {counted} uses and has {real}.");
                else
                    Report.Corruption($"Cluster {cluster} counts {counted} uses and has {real}.");
            }
        }
        else
        {
            Report.Corruption("The structure of the reference counts is damaged.");
        }
        ForFlags((what, offset, _) => Report.Corruption($"The flag of {what} at {offset:x} does not say whether it is used once."));
    }

    private void PutRight()
    {
        if (!_countsAreWhole)
        {
            _header = CountRebuild.Run(_file, _header);
            _walk = new ReferenceWalk(_file, _header, new CheckReport(), _cancel);
            _walk.Content();
        }
        else
        {
            // More uses first: at no moment does something in use count as free.
            foreach (var raises in (bool[])[true, false])
            {
                var counts = OpenCounts();
                foreach (var (cluster, counted, real) in Differences(counts).ToList())
                {
                    if (raises != real > counted)
                        continue;
                    counts.Set(cluster, Math.Min(real, Layout.MostReferences));
                    if (counts.IsCrowded)
                        counts.Write();
                }
                counts.Write();
                _file.Sync();
            }
        }
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        var fixes = new List<(long At, ulong Value)>();
        ForFlags((_, _, fix) => fixes.Add(fix));
        foreach (var (at, value) in fixes)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
            _file.Write(at, bytes);
        }
        _file.Sync();
    }

    private RefcountTable OpenCounts() =>
        new(_file, Layout, new MetadataMap(Layout), _header.RefcountTableOffset, _header.RefcountTableClusters);

    private IEnumerable<(long Cluster, ulong Counted, ulong Real)> Differences(RefcountTable counts)
    {
        foreach (var (cluster, real) in _walk.Tally.All)
        {
            if (counts.Get(cluster) is var counted && counted != real)
                yield return (cluster, counted, real);
        }
        for (var block = 0; block < counts.Entries.Length; block++)
        {
            if (counts.Entries[block] == 0)
                continue;
            _cancel.ThrowIfCancellationRequested();
            var first = (long)block * Layout.RefcountsPerBlock;
            for (var cluster = first; cluster < first + Layout.RefcountsPerBlock; cluster++)
            {
                if (counts.Get(cluster) is > 0 and var counted && _walk.Tally[cluster] == 0)
                    yield return (cluster, counted, 0);
            }
        }
    }

    /// <summary>Finds references of the active disk whose flag does not fit the number of uses.</summary>
    private void ForFlags(Action<string, long, (long At, ulong Value)> wrong)
    {
        if (_header.L1Size == 0 || _header.L1Offset > _file.Length - (long)_header.L1Size * sizeof(ulong))
            return;
        var l1 = L1Table.Read(_file, _header.L1Offset, _header.L1Size);
        var table = new byte[Layout.ClusterSize];
        for (var i = 0; i < l1.Count; i++)
        {
            var offset = (long)(l1[i] & L2Entry.OffsetMask);
            if (offset == 0 || !Layout.IsAligned(offset) || offset >= _file.Length)
                continue;
            _cancel.ThrowIfCancellationRequested();
            Flag("an L2 table", offset, _header.L1Offset + (long)i * sizeof(ulong), l1[i]);
            _file.Read(offset, table.AsSpan());
            for (var j = 0; j < Layout.L2Entries; j++)
            {
                var value = BinaryPrimitives.ReadUInt64BigEndian(table.AsSpan(j * sizeof(ulong)));
                if (new L2Entry(value) is { IsCompressed: false, Offset: > 0 and var data } && Layout.IsAligned(data))
                    Flag("a cluster", data, offset + (long)j * sizeof(ulong), value);
            }
        }

        void Flag(string what, long target, long at, ulong value)
        {
            if ((_walk.Tally[Layout.ClusterOf(target)] == 1) != ((value & L2Entry.Copied) != 0))
                wrong(what, target, (at, value ^ L2Entry.Copied));
        }
    }

    private void ClearMarks()
    {
        if (_header.Version < 3 || !(_header.IsDirty || _header.IsCorrupt))
            return;
        _header = _header with { Incompatible = _header.Incompatible & ~(Qcow2Features.Dirty | Qcow2Features.Corrupt) };
        Span<byte> bits = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bits, _header.Incompatible);
        _file.Write(Qcow2Header.IncompatibleAt, bits);
        _file.Sync();
    }
}
