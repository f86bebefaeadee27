using Ringmaster.Devices.Dma;

namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>Commands of the admin queue (NVM Express 1.4 section 5).</summary>
public sealed partial class NvmeController
{
    private const uint AllNamespaces = uint.MaxValue;
    private const int MostData = 4096 << DataPages;

    private readonly NvmeEvents _events = new();
    private readonly NvmeErrorLog _log = new();
    private NvmeFeatures _features = new(MostQueues);
    private NvmeStatistics _statistics = NvmeStatistics.None;

    private void ExecuteAdmin(in NvmeCommand command)
    {
        uint result = 0;
        NvmeStatus status;
        if (command.UsesWhatIsNotOffered)
        {
            status = NvmeStatus.InvalidField;
        }
        else
        {
            switch ((NvmeAdminOpcode)command.Opcode)
            {
                case NvmeAdminOpcode.AsynchronousEventRequest when _events.TryRequest(command.Id):
                    DeliverEvents();
                    return;
                case NvmeAdminOpcode.AsynchronousEventRequest:
                    status = NvmeStatus.EventRequestLimitExceeded;
                    break;
                case NvmeAdminOpcode.Abort:
                    status = Abort(command, out result);
                    break;
                case NvmeAdminOpcode.SetFeatures:
                    status = SetFeatures(command, out result);
                    break;
                case NvmeAdminOpcode.GetFeatures:
                    status = GetFeatures(command, out result);
                    break;
                default:
                    status = ExecuteAdminWithoutResult(command);
                    break;
            }
        }
        Complete(0, command.Id, status, result, space: command.Namespace);
    }

    private NvmeStatus ExecuteAdminWithoutResult(in NvmeCommand command) => (NvmeAdminOpcode)command.Opcode switch
    {
        NvmeAdminOpcode.Identify => Identify(command),
        NvmeAdminOpcode.GetLogPage => GetLogPage(command),
        NvmeAdminOpcode.CreateCompletionQueue => CreateCompletionQueue(command),
        NvmeAdminOpcode.CreateSubmissionQueue => CreateSubmissionQueue(command),
        NvmeAdminOpcode.DeleteCompletionQueue => DeleteCompletionQueue(command),
        NvmeAdminOpcode.DeleteSubmissionQueue => DeleteSubmissionQueue(command),
        _ => NvmeStatus.InvalidOpcode,
    };

    private NvmeStatus Identify(in NvmeCommand command)
    {
        switch (command.Cdw10 & 0xFF)
        {
            case 0x00:
                return command.Namespace == 1 ? Return(command, NvmePages.Namespace(_disk)) : NvmeStatus.InvalidNamespace;
            case 0x01:
                var vendor = (ushort)Pci.Config.Read(Devices.Pci.PciRegister.Vendor, 2);
                var subsystemVendor = (ushort)Pci.Config.Read(Devices.Pci.PciRegister.SubsystemVendor, 2);
                return Return(command, _pages.Controller(vendor, subsystemVendor, DataPages));
            case 0x02:
                return command.Namespace < AllNamespaces - 1 ? Return(command, NvmePages.ActiveNamespaces(command.Namespace)) : NvmeStatus.InvalidNamespace;
            case 0x03:
                return command.Namespace == 1 ? Return(command, _pages.Descriptors()) : NvmeStatus.InvalidNamespace;
            default:
                return NvmeStatus.InvalidField;
        }
    }

    private NvmeStatus GetLogPage(in NvmeCommand command)
    {
        var id = (byte)command.Cdw10;
        var length = ((command.Cdw10 >> 16 | (ulong)(command.Cdw11 & 0xFFFF) << 16) + 1) * 4;
        byte[]? page = id switch
        {
            1 => _log.ToPage(),
            2 => NvmePages.Health(_statistics, _log.Total, _features.IsTemperatureCritical, _clock.Now),
            3 => NvmePages.FirmwareSlots(),
            5 => NvmePages.Effects(),
            _ => null,
        };
        if (page is null)
            return NvmeStatus.InvalidLogPage;
        if (command.Namespace is not (0 or AllNamespaces))
            return id == 2 && command.Namespace != 1 ? NvmeStatus.InvalidNamespace : NvmeStatus.InvalidField;
        if (command.LogOffset % 4 != 0 || command.LogOffset > (ulong)page.Length || length > MostData)
            return NvmeStatus.InvalidField;
        var part = page.AsSpan((int)command.LogOffset);
        var status = Return(command, part[..(int)Math.Min(length, (ulong)part.Length)]);
        var retainsEvent = (command.Cdw10 & 1 << 15) != 0;
        if (status == NvmeStatus.Success && !retainsEvent)
            _events.Read(id);
        return status;
    }

    /// <summary>Hands data to software.</summary>
    private NvmeStatus Return(in NvmeCommand command, ReadOnlySpan<byte> data)
    {
        var status = NvmePrp.Collect(_dma, command, data.Length, out var memory);
        if (status != NvmeStatus.Success)
            return status;
        return memory.TryWrite(_dma, 0, data) ? NvmeStatus.Success : NvmeStatus.DataTransferError;
    }

    private NvmeStatus CreateCompletionQueue(in NvmeCommand command)
    {
        var (number, size, vector) = (command.Cdw10 & 0xFFFF, command.Cdw10 >> 16, command.Cdw11 >> 16);
        if (number == 0 || number > _features.CompletionQueues || _completionQueues[number] is not null)
            return NvmeStatus.InvalidQueueIdentifier;
        var status = CheckQueue(command, size, entrySizeShift: 20, entrySize: 4);
        if (status != NvmeStatus.Success)
            return status;
        if (vector >= Pci.Msix!.VectorCount || (!Pci.Msix.IsEnabled && vector != 0))
            return NvmeStatus.InvalidInterruptVector;
        _completionQueues[number] = new NvmeCompletionQueue(new(command.Prp1), (int)size + 1, (ushort)vector, (command.Cdw11 & 2) != 0);
        return NvmeStatus.Success;
    }

    private NvmeStatus CreateSubmissionQueue(in NvmeCommand command)
    {
        var (number, size, completionQueue) = (command.Cdw10 & 0xFFFF, command.Cdw10 >> 16, command.Cdw11 >> 16);
        if (number == 0 || number > _features.SubmissionQueues || _submissionQueues[number] is not null)
            return NvmeStatus.InvalidQueueIdentifier;
        if (completionQueue == 0 || completionQueue > _features.CompletionQueues)
            return NvmeStatus.InvalidQueueIdentifier;
        if (_completionQueues[completionQueue] is null)
            return NvmeStatus.CompletionQueueInvalid;
        var status = CheckQueue(command, size, entrySizeShift: 16, entrySize: 6);
        if (status == NvmeStatus.Success)
            _submissionQueues[number] = new NvmeSubmissionQueue(new(command.Prp1), (int)size + 1, (ushort)completionQueue);
        return status;
    }

    /// <summary>What both kinds of queues must have: a fair size, one piece of memory that starts with a page, entries of the right size.</summary>
    private NvmeStatus CheckQueue(in NvmeCommand command, uint size, int entrySizeShift, uint entrySize)
    {
        const uint isContiguous = 1;
        if (size is 0 or >= MostEntries || (_configuration >> entrySizeShift & 0xF) != entrySize)
            return NvmeStatus.InvalidQueueSize;
        if ((command.Cdw11 & isContiguous) == 0)
            return NvmeStatus.InvalidField;
        return (command.Prp1 & PageBits) == 0 ? NvmeStatus.Success : NvmeStatus.InvalidPrpOffset;
    }

    private NvmeStatus DeleteCompletionQueue(in NvmeCommand command)
    {
        var number = command.Cdw10 & 0xFFFF;
        if (number is 0 or > MostQueues || _completionQueues[number] is null)
            return NvmeStatus.InvalidQueueIdentifier;
        if (Array.Exists(_submissionQueues, queue => queue?.CompletionQueue == number))
            return NvmeStatus.InvalidQueueDeletion;
        _completionQueues[number] = null;
        return NvmeStatus.Success;
    }

    /// <summary>Commands that the disk still works on are given up and completed first (section 5.6).</summary>
    private NvmeStatus DeleteSubmissionQueue(in NvmeCommand command)
    {
        var number = command.Cdw10 & 0xFFFF;
        if (number is 0 or > MostQueues || _submissionQueues[number] is null)
            return NvmeStatus.InvalidQueueIdentifier;
        foreach (var job in _jobs.Cancel(job => job.Tag != ShutdownTag && QueueOf(job) == number))
            Complete((ushort)number, CommandOf(job), NvmeStatus.AbortedByQueueDeletion);
        _submissionQueues[number] = null;
        return NvmeStatus.Success;
    }

    /// <summary>Requests for events can be taken back; what the disk works on cannot (section 5.1).</summary>
    private NvmeStatus Abort(in NvmeCommand command, out uint result)
    {
        const uint notAborted = 1;
        var (queue, aborted) = (command.Cdw10 & 0xFFFF, (ushort)(command.Cdw10 >> 16));
        result = notAborted;
        if (queue > MostQueues || _submissionQueues[queue] is null)
            return NvmeStatus.InvalidField;
        if (queue != 0 || !_events.TryAbort(aborted))
            return NvmeStatus.Success;
        Complete(0, aborted, NvmeStatus.AbortRequested);
        result = 0;
        return NvmeStatus.Success;
    }

    private NvmeStatus SetFeatures(in NvmeCommand command, out uint result)
    {
        const uint save = 1u << 31;
        result = 0;
        if ((command.Cdw10 & save) != 0)
            return NvmeStatus.FeatureNotSaveable;
        if (command.Namespace is not (0 or AllNamespaces))
            return NvmeStatus.FeatureNotNamespaceSpecific;
        var wasCritical = _features.IsTemperatureCritical;
        var hasQueues = _completionQueues.AsSpan(1).ContainsAnyExcept((NvmeCompletionQueue?)null);
        var status = _features.Set((NvmeFeature)command.Cdw10, command.Cdw11, hasQueues, out result);
        if (!wasCritical && _features is { IsTemperatureCritical: true, TellsTemperature: true })
        {
            const byte temperatureThreshold = 1;
            _events.Raise(NvmeEventType.Health, temperatureThreshold);
            DeliverEvents();
        }
        return status;
    }

    /// <summary>Only the present value is kept, no default or saved one can be asked for.</summary>
    private NvmeStatus GetFeatures(in NvmeCommand command, out uint result)
    {
        result = 0;
        return (command.Cdw10 & 7 << 8) == 0 ? _features.Get((NvmeFeature)command.Cdw10, command.Cdw11, out result) : NvmeStatus.InvalidField;
    }
}
