using System.Buffers.Binary;
using Ringmaster.Devices.Dma;

namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>Commands of I/O queues (NVM Express 1.4 section 6).</summary>
public sealed partial class NvmeController
{
    private const ulong CompareChunk = 0x8000;
    private const int RangeSize = 16;

    private static ulong TagOf(ushort queue, ushort command) => (ulong)queue << 16 | command;

    private static ushort QueueOf(BlockJob job) => (ushort)Math.Min(job.Tag >> 16, MostQueues);

    private static ushort CommandOf(BlockJob job) => (ushort)job.Tag;

    private void ExecuteIo(ushort queue, in NvmeCommand command)
    {
        var status = CheckIo(command);
        var opcode = (NvmeIoOpcode)command.Opcode;
        if (status == NvmeStatus.Success)
        {
            status = opcode switch
            {
                NvmeIoOpcode.Flush => Start(queue, command, [new BlockStep(BlockOperation.Flush, 0, 0)], null),
                NvmeIoOpcode.Read or NvmeIoOpcode.Write or NvmeIoOpcode.Compare => Transfer(queue, command),
                NvmeIoOpcode.WriteZeroes => WriteZeroes(queue, command),
                NvmeIoOpcode.DatasetManagement => ManageDataset(queue, command),
                _ => NvmeStatus.InvalidOpcode,
            };
            if (status == NvmeStatus.Success)
                return;
        }
        Complete(queue, command.Id, status, block: command.Start, space: command.Namespace);
    }

    private NvmeStatus CheckIo(in NvmeCommand command)
    {
        if (!Enum.IsDefined((NvmeIoOpcode)command.Opcode))
            return NvmeStatus.InvalidOpcode;
        if (command.UsesWhatIsNotOffered)
            return NvmeStatus.InvalidField;
        var isFlushOfAll = command is { Opcode: (byte)NvmeIoOpcode.Flush, Namespace: AllNamespaces };
        return command.Namespace == 1 || isFlushOfAll ? NvmeStatus.Success : NvmeStatus.InvalidNamespace;
    }

    /// <summary>Starts the work of a command.</summary>
    /// <returns>Success if the command will complete later.</returns>
    private NvmeStatus Start(ushort queue, in NvmeCommand command, IReadOnlyList<BlockStep> steps, ScatterList? memory, bool compares = false) =>
        _jobs.TryStart(new BlockJob(TagOf(queue, command.Id), steps, memory, compares)) ? NvmeStatus.Success : NvmeStatus.DataTransferError;

    /// <summary>Whether a range of blocks is on the disk.</summary>
    private bool IsOnDisk(ulong start, ulong blocks)
    {
        var all = _disk.Length / BlockRequest.SectorSize;
        return start <= all && blocks <= all - start;
    }

    private NvmeStatus Transfer(ushort queue, in NvmeCommand command)
    {
        var blocks = (command.Cdw12 & 0xFFFF) + 1;
        var length = (ulong)blocks * BlockRequest.SectorSize;
        if (length > MostData)
            return NvmeStatus.InvalidField;
        if (!IsOnDisk(command.Start, blocks))
            return NvmeStatus.LbaOutOfRange;
        var isWrite = command.Opcode == (byte)NvmeIoOpcode.Write;
        if (isWrite && _disk.IsReadOnly)
            return NvmeStatus.WriteProtected;
        var status = NvmePrp.Collect(_dma, command, (int)length, out var memory);
        if (status != NvmeStatus.Success)
            return status;
        var offset = command.Start * BlockRequest.SectorSize;
        var isComparison = command.Opcode == (byte)NvmeIoOpcode.Compare;
        var steps = new List<BlockStep>();
        if (isComparison)
        {
            for (ulong done = 0; done < length; done += CompareChunk)
                steps.Add(new BlockStep(BlockOperation.Read, offset + done, Math.Min(CompareChunk, length - done)));
        }
        else
        {
            steps.Add(new BlockStep(isWrite ? BlockOperation.Write : BlockOperation.Read, offset, length));
            if (isWrite)
                AddFlush(steps, command);
        }
        status = Start(queue, command, steps, memory, isComparison);
        if (status != NvmeStatus.Success)
            return status;
        _statistics = isWrite
            ? _statistics with { Writes = _statistics.Writes + 1, SectorsWritten = _statistics.SectorsWritten + blocks }
            : _statistics with { Reads = _statistics.Reads + 1, SectorsRead = _statistics.SectorsRead + blocks };
        return status;
    }

    /// <summary>Without a cache, or where the command says so, what was written lasts before the command completes.</summary>
    private void AddFlush(List<BlockStep> steps, in NvmeCommand command)
    {
        const uint forceUnitAccess = 1 << 30;
        if ((command.Cdw12 & forceUnitAccess) != 0 || !_features.HasWriteCache)
            steps.Add(new BlockStep(BlockOperation.Flush, 0, 0));
    }

    private NvmeStatus WriteZeroes(ushort queue, in NvmeCommand command)
    {
        const uint deallocate = 1 << 25;
        var blocks = (command.Cdw12 & 0xFFFF) + 1;
        if (!IsOnDisk(command.Start, blocks))
            return NvmeStatus.LbaOutOfRange;
        if (_disk.IsReadOnly)
            return NvmeStatus.WriteProtected;
        var mayUnmap = (command.Cdw12 & deallocate) != 0;
        List<BlockStep> steps =
            [new(BlockOperation.WriteZeroes, command.Start * BlockRequest.SectorSize, (ulong)blocks * BlockRequest.SectorSize, mayUnmap)];
        AddFlush(steps, command);
        return Start(queue, command, steps, null);
    }

    /// <summary>Discards ranges, one after the other (section 6.7); hints of other kinds are not needed.</summary>
    private NvmeStatus ManageDataset(ushort queue, in NvmeCommand command)
    {
        const uint deallocate = 4;
        var ranges = new byte[((command.Cdw10 & 0xFF) + 1) * RangeSize];
        var status = NvmePrp.Collect(_dma, command, ranges.Length, out var memory);
        if (status != NvmeStatus.Success)
            return status;
        if (!memory.TryRead(_dma, 0, ranges))
            return NvmeStatus.DataTransferError;
        var steps = new List<BlockStep>();
        for (var at = 0; at < ranges.Length; at += RangeSize)
        {
            var blocks = BinaryPrimitives.ReadUInt32LittleEndian(ranges.AsSpan(at + 4));
            var start = BinaryPrimitives.ReadUInt64LittleEndian(ranges.AsSpan(at + 8));
            if (!IsOnDisk(start, blocks))
                return NvmeStatus.LbaOutOfRange;
            if (blocks != 0)
                steps.Add(new BlockStep(BlockOperation.Discard, start * BlockRequest.SectorSize, (ulong)blocks * BlockRequest.SectorSize));
        }
        if ((command.Cdw11 & deallocate) != 0 && _disk.IsReadOnly)
            return NvmeStatus.WriteProtected;
        if ((command.Cdw11 & deallocate) != 0 && steps.Count != 0)
            return Start(queue, command, steps, null);
        Complete(queue, command.Id, NvmeStatus.Success);
        return NvmeStatus.Success;
    }

    /// <summary>The disk has done its work for a command, or failed to.</summary>
    private void Ended(BlockJob job, BlockStatus outcome)
    {
        if (job.Tag == ShutdownTag)
        {
            // Software that shuts down can be told of no error; the back end has told its log.
            _shutdown = ShutdownComplete;
            Work();
            return;
        }
        var status = job.Differs ? NvmeStatus.CompareFailure : outcome switch
        {
            BlockStatus.Done => NvmeStatus.Success,
            BlockStatus.ReadOnly => NvmeStatus.WriteProtected,
            BlockStatus.NoSpace => NvmeStatus.CapacityExceeded,
            BlockStatus.OutOfRange => NvmeStatus.LbaOutOfRange,
            _ => job.Current.Operation switch
            {
                BlockOperation.Read => NvmeStatus.UnrecoveredReadError,
                BlockOperation.Write or BlockOperation.WriteZeroes => NvmeStatus.WriteFault,
                _ => NvmeStatus.InternalError,
            },
        };
        if (outcome == BlockStatus.Failed)
            _statistics = _statistics with { MediaErrors = _statistics.MediaErrors + 1 };
        Complete(QueueOf(job), CommandOf(job), status, block: job.Current.Offset / BlockRequest.SectorSize, space: status == NvmeStatus.Success ? 0 : 1u);
        Work();
    }
}
