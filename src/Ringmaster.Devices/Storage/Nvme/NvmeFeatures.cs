namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>What software can set (NVM Express 1.4 section 5.21.1).</summary>
internal sealed class NvmeFeatures
{
    /// <summary>The temperature that the disk reports, in kelvins: a room's. It has no sensor.</summary>
    public const int Temperature = 298;

    private const uint NoThreshold = 0xFFFF, HealthEvents = 0xFF, CoalescingDisabled = 0x1_0000;
    private const int AllSensors = 15;

    private readonly int _mostQueues;
    private readonly bool[] _vectorNotCoalesced;
    private uint _arbitration, _errorRecovery, _coalescing, _atomicity, _events, _over = NoThreshold, _under;
    private bool _writeCache = true;

    /// <summary>Makes the features as they are after a reset.</summary>
    /// <param name="mostQueues">I/O queues of a kind that there can be.</param>
    public NvmeFeatures(int mostQueues)
    {
        _mostQueues = SubmissionQueues = CompletionQueues = mostQueues;
        _vectorNotCoalesced = new bool[mostQueues + 1];
    }

    /// <summary>Whether writes may stay in a cache until they are flushed.</summary>
    public bool HasWriteCache => _writeCache;

    /// <summary>Submission queues that software may make.</summary>
    public int SubmissionQueues { get; private set; }

    /// <summary>Completion queues that software may make.</summary>
    public int CompletionQueues { get; private set; }

    /// <summary>Whether the temperature is beyond a threshold.</summary>
    public bool IsTemperatureCritical => Temperature >= _over || Temperature <= _under;

    /// <summary>Whether a critical temperature is an event.</summary>
    public bool TellsTemperature => (_events & 2) != 0;

    /// <summary>Sets a feature.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="value">Command doubleword 11.</param>
    /// <param name="hasQueues">Whether there are I/O queues.</param>
    /// <param name="result">What the command returns.</param>
    public NvmeStatus Set(NvmeFeature id, uint value, bool hasQueues, out uint result)
    {
        result = 0;
        switch (id)
        {
            case NvmeFeature.Arbitration:
                _arbitration = value & 0xFFFF_FF07;
                return NvmeStatus.Success;
            case NvmeFeature.PowerManagement:
                // There is one power state.
                return (value & 0x1F) == 0 ? NvmeStatus.Success : NvmeStatus.InvalidField;
            case NvmeFeature.TemperatureThreshold:
                return SetThreshold(value);
            case NvmeFeature.ErrorRecovery:
                // The upper half asks for errors on reads of blocks that were deallocated, which the namespace does not offer.
                _errorRecovery = value <= 0xFFFF ? value : _errorRecovery;
                return value <= 0xFFFF ? NvmeStatus.Success : NvmeStatus.InvalidField;
            case NvmeFeature.WriteCache:
                _writeCache = (value & 1) != 0;
                return NvmeStatus.Success;
            case NvmeFeature.NumberOfQueues:
                return SetQueues(value, hasQueues, out result);
            case NvmeFeature.InterruptCoalescing:
                _coalescing = value & 0xFFFF;
                return NvmeStatus.Success;
            case NvmeFeature.InterruptVector:
                if ((value & 0xFFFF) >= _vectorNotCoalesced.Length)
                    return NvmeStatus.InvalidField;
                _vectorNotCoalesced[value & 0xFFFF] = (value & CoalescingDisabled) != 0;
                return NvmeStatus.Success;
            case NvmeFeature.WriteAtomicity:
                _atomicity = value & 1;
                return NvmeStatus.Success;
            case NvmeFeature.EventConfiguration:
                _events = value & HealthEvents;
                return NvmeStatus.Success;
            default:
                return NvmeStatus.InvalidField;
        }
    }

    /// <summary>Gets a feature.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="selector">Command doubleword 11.</param>
    /// <param name="result">Its value.</param>
    public NvmeStatus Get(NvmeFeature id, uint selector, out uint result)
    {
        result = 0;
        switch (id)
        {
            case NvmeFeature.Arbitration:
                result = _arbitration;
                return NvmeStatus.Success;
            case NvmeFeature.PowerManagement:
                return NvmeStatus.Success;
            case NvmeFeature.TemperatureThreshold:
                var kind = selector >> 20 & 3;
                result = kind == 0 ? _over : _under;
                return (selector >> 16 & 0xF) == 0 && kind <= 1 ? NvmeStatus.Success : NvmeStatus.InvalidField;
            case NvmeFeature.ErrorRecovery:
                result = _errorRecovery;
                return NvmeStatus.Success;
            case NvmeFeature.WriteCache:
                result = _writeCache ? 1u : 0u;
                return NvmeStatus.Success;
            case NvmeFeature.NumberOfQueues:
                result = QueueCounts;
                return NvmeStatus.Success;
            case NvmeFeature.InterruptCoalescing:
                result = _coalescing;
                return NvmeStatus.Success;
            case NvmeFeature.InterruptVector:
                var vector = selector & 0xFFFF;
                if (vector >= _vectorNotCoalesced.Length)
                    return NvmeStatus.InvalidField;
                result = vector | (_vectorNotCoalesced[vector] ? CoalescingDisabled : 0);
                return NvmeStatus.Success;
            case NvmeFeature.WriteAtomicity:
                result = _atomicity;
                return NvmeStatus.Success;
            case NvmeFeature.EventConfiguration:
                result = _events;
                return NvmeStatus.Success;
            default:
                return NvmeStatus.InvalidField;
        }
    }

    /// <summary>Takes the state.</summary>
    public NvmeFeaturesState Capture() => new(
        _arbitration, _errorRecovery, _coalescing, _atomicity, _events, _over, _under, _writeCache, SubmissionQueues, CompletionQueues,
        [.. Enumerable.Range(0, _vectorNotCoalesced.Length).Where(vector => _vectorNotCoalesced[vector])]);

    /// <summary>Takes on a state, bringing what is out of range into it.</summary>
    public void Apply(NvmeFeaturesState state)
    {
        _arbitration = state.Arbitration & 0xFFFF_FF07;
        _errorRecovery = state.ErrorRecovery & 0xFFFF;
        _coalescing = state.Coalescing & 0xFFFF;
        _atomicity = state.Atomicity & 1;
        _events = state.Events & HealthEvents;
        (_over, _under) = (state.Over & 0xFFFF, state.Under & 0xFFFF);
        _writeCache = state.WriteCache;
        SubmissionQueues = Math.Clamp(state.SubmissionQueues, 1, _mostQueues);
        CompletionQueues = Math.Clamp(state.CompletionQueues, 1, _mostQueues);
        Array.Clear(_vectorNotCoalesced);
        foreach (var vector in state.VectorsNotCoalesced)
        {
            if ((uint)vector < (uint)_vectorNotCoalesced.Length)
                _vectorNotCoalesced[vector] = true;
        }
    }

    /// <summary>The numbers less one, as the command has them.</summary>
    private uint QueueCounts => (uint)(SubmissionQueues - 1) | (uint)(CompletionQueues - 1) << 16;

    private NvmeStatus SetThreshold(uint value)
    {
        var sensor = (int)(value >> 16 & 0xF);
        var kind = value >> 20 & 3;
        if (sensor is not (0 or AllSensors) || kind > 1)
            return NvmeStatus.InvalidField;
        if (kind == 0)
            _over = value & 0xFFFF;
        else
            _under = value & 0xFFFF;
        return NvmeStatus.Success;
    }

    private NvmeStatus SetQueues(uint value, bool hasQueues, out uint result)
    {
        result = 0;
        if ((value & 0xFFFF) == 0xFFFF || value >> 16 == 0xFFFF)
            return NvmeStatus.InvalidField;
        if (hasQueues)
            return NvmeStatus.CommandSequenceError;
        SubmissionQueues = (int)Math.Min((value & 0xFFFF) + 1, (uint)_mostQueues);
        CompletionQueues = (int)Math.Min((value >> 16) + 1, (uint)_mostQueues);
        result = QueueCounts;
        return NvmeStatus.Success;
    }
}
