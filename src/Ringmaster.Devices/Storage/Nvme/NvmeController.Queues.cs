namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>Queues, doorbells and interrupts.</summary>
public sealed partial class NvmeController
{
    private const int MostCommandsOfQueue = 16;
    private const byte InvalidDoorbellRegister = 0, InvalidDoorbellValue = 1;
    private const ushort NoQueue = 0xFFFF;
    private const int MoreInLog = 1 << 14, DoNotRetry = 1 << 15;

    private readonly NvmeSubmissionQueue?[] _submissionQueues = new NvmeSubmissionQueue?[MostQueues + 1];
    private readonly NvmeCompletionQueue?[] _completionQueues = new NvmeCompletionQueue?[MostQueues + 1];
    private int _turn;

    /// <summary>Whether there is a command that can be fetched now.</summary>
    private bool HasWork => _jobs.Count < MostInFlight && Array.Exists(_submissionQueues, CanFetch);

    private bool CanFetch(NvmeSubmissionQueue? queue) =>
        queue is { HasEntries: true } && _completionQueues[queue.CompletionQueue] is { HasRoom: true };

    /// <summary>Software has moved a queue's tail or head (NVM Express 1.4 sections 3.1.24 and 3.1.25).</summary>
    private void RingDoorbell(int index, uint value)
    {
        if (!_isReady || _isFatal)
            return;
        var queue = index / 2;
        var isCompletion = index % 2 != 0;
        if (queue > MostQueues || (isCompletion ? _completionQueues[queue] is null : _submissionQueues[queue] is null))
            ReportDoorbell(InvalidDoorbellRegister);
        else if (!(isCompletion ? _completionQueues[queue]!.TryTake(value) : _submissionQueues[queue]!.TryAdd(value)))
            ReportDoorbell(InvalidDoorbellValue);
        Work();
    }

    private void ReportDoorbell(byte information)
    {
        // An entry for every write would let software drive everything else out of the log.
        _events.Raise(NvmeEventType.Error, information);
        DeliverEvents();
    }

    private void DeliverEvents()
    {
        while (_events.TryTake(out var command, out var result))
            Complete(0, command, NvmeStatus.Success, result);
    }

    /// <summary>Carries out commands in turns, some of each queue (section 4.13.1), and stores completions.</summary>
    private void Work()
    {
        if (!IsRunning)
        {
            UpdateInterrupts();
            return;
        }
        foreach (var queue in _completionQueues)
            Store(queue);
        var left = MostCommandsAtOnce;
        for (var idle = 0; idle <= MostQueues && left > 0 && IsRunning; _turn = (_turn + 1) % (MostQueues + 1))
        {
            var before = left;
            for (var burst = 0; burst < MostCommandsOfQueue && left > 0 && TryExecuteNext(_turn); burst++)
                left--;
            idle = left == before ? idle + 1 : 0;
        }
        UpdateInterrupts();
        if (IsRunning && HasWork)
            _goOn.Arm(_clock.Now);
    }

    private bool TryExecuteNext(int number)
    {
        var queue = _submissionQueues[number];
        if (!IsRunning || _jobs.Count >= MostInFlight || !CanFetch(queue))
            return false;
        if (!queue!.TryFetch(_dma, out var command))
        {
            _isFatal = true;
            return false;
        }
        if (number == 0)
            ExecuteAdmin(command);
        else
            ExecuteIo((ushort)number, command);
        return true;
    }

    /// <summary>A command has ended.</summary>
    /// <param name="queue">The submission queue that it came from.</param>
    /// <param name="command">Its number.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="result">What it returns.</param>
    /// <param name="block">The block that an error is about.</param>
    /// <param name="space">The namespace that an error is about.</param>
    private void Complete(ushort queue, ushort command, NvmeStatus status, uint result = 0, ulong block = 0, uint space = 0)
    {
        if (_submissionQueues[queue] is not { } from || _completionQueues[from.CompletionQueue] is not { } to)
            return;
        var field = (ushort)((int)status << 1);
        if (status != NvmeStatus.Success)
        {
            // What the disk or the host could not do now, it may be able to do later.
            var mayRetry = status is NvmeStatus.WriteFault or NvmeStatus.UnrecoveredReadError or NvmeStatus.InternalError
                or NvmeStatus.CapacityExceeded or NvmeStatus.AbortedByQueueDeletion;
            field |= (ushort)(MoreInLog | (mayRetry ? 0 : DoNotRetry));
            _log.Add(queue, command, field, block, space);
        }
        to.Add(new NvmeCompletion(result, queue, (ushort)from.Head, command, field));
        if (IsRunning)
            Store(to);
    }

    private void Store(NvmeCompletionQueue? queue)
    {
        if (queue is not null && !queue.TryStore(_dma))
            _isFatal = true;
    }

    /// <summary>Sends messages for new completions and drives the pin, which is up while any is not taken (section 7.5.1).</summary>
    private void UpdateInterrupts()
    {
        var pin = false;
        foreach (var queue in _completionQueues)
        {
            if (queue is null)
                continue;
            if (queue.IsInterruptDue)
                Pci.Msix!.Signal(queue.Vector);
            queue.IsInterruptDue = false;
            pin |= queue is { Interrupts: true, HasEntries: true } && (queue.Vector >= 32 || (_interruptMask >> queue.Vector & 1) == 0);
        }
        Pci.SetInterrupt(pin);
    }
}
