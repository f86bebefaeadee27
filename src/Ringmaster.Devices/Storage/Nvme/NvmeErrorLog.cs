using System.Buffers.Binary;

namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>The error information log (NVM Express 1.4 section 5.14.1.1): the last errors, newest first.</summary>
internal sealed class NvmeErrorLog
{
    /// <summary>How many errors it keeps.</summary>
    public const int Most = 16;

    private const int EntrySize = 64;

    private readonly List<NvmeError> _errors = [];

    /// <summary>How many errors there have been.</summary>
    public ulong Total { get; private set; }

    /// <summary>Notes an error.</summary>
    public void Add(ushort queue, ushort command, ushort status, ulong block, uint space)
    {
        Total++;
        if (_errors.Count == Most)
            _errors.RemoveAt(Most - 1);
        _errors.Insert(0, new NvmeError(Total, queue, command, status, block, space));
    }

    /// <summary>The log page.</summary>
    public byte[] ToPage()
    {
        var page = new byte[Most * EntrySize];
        for (var i = 0; i < _errors.Count; i++)
        {
            var entry = page.AsSpan(i * EntrySize, EntrySize);
            var error = _errors[i];
            BinaryPrimitives.WriteUInt64LittleEndian(entry, error.Number);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[8..], error.Queue);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[10..], error.Command);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[12..], error.Status);
            // Where in the command the error is, is not told.
            BinaryPrimitives.WriteUInt16LittleEndian(entry[14..], 0xFFFF);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], error.Block);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[24..], error.Namespace);
        }
        return page;
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        _errors.Clear();
        Total = 0;
    }

    /// <summary>Takes the state.</summary>
    public NvmeErrorLogState Capture() => new(Total, [.. _errors]);

    /// <summary>Takes on a state.</summary>
    public void Apply(NvmeErrorLogState state)
    {
        Reset();
        Total = state.Total;
        _errors.AddRange(state.Errors.Take(Most));
    }
}
