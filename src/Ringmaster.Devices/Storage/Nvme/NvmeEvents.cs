namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>
/// Asynchronous events and the requests that they answer (NVM Express 1.4 section 5.2). After an event no other of its type is
/// told until software has read the log page that tells more.
/// </summary>
internal sealed class NvmeEvents
{
    /// <summary>How many requests may be outstanding.</summary>
    public const int MostRequests = 4;

    private const int Types = 2;

    private readonly List<ushort> _requests = [];
    private readonly uint[] _pending = new uint[Types];
    private readonly bool[] _told = new bool[Types];

    /// <summary>Adds a request.</summary>
    /// <returns>False if there are as many as there may be.</returns>
    public bool TryRequest(ushort command)
    {
        if (_requests.Count == MostRequests)
            return false;
        _requests.Add(command);
        return true;
    }

    /// <summary>Takes a request back.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryAbort(ushort command) => _requests.Remove(command);

    /// <summary>Something has happened.</summary>
    /// <param name="type">What kind of thing.</param>
    /// <param name="information">What exactly.</param>
    public void Raise(NvmeEventType type, byte information)
    {
        if (!_told[(int)type] && _pending[(int)type] == 0)
            _pending[(int)type] = (uint)type | (uint)information << 8 | ((uint)type + 1) << 16;
    }

    /// <summary>Takes an event and the request that it answers.</summary>
    /// <param name="command">The request's number.</param>
    /// <param name="result">What the request returns.</param>
    /// <returns>Whether there are both.</returns>
    public bool TryTake(out ushort command, out uint result)
    {
        (command, result) = (0, 0);
        var type = Array.FindIndex(_pending, pending => pending != 0);
        if (type < 0 || _requests.Count == 0)
            return false;
        (command, result) = (_requests[0], _pending[type]);
        _requests.RemoveAt(0);
        _pending[type] = 0;
        _told[type] = true;
        return true;
    }

    /// <summary>Software has read a log page.</summary>
    /// <param name="page">Its identifier.</param>
    public void Read(byte page)
    {
        if (page is not (>= 1 and <= Types))
            return;
        _told[page - 1] = false;
        _pending[page - 1] = 0;
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        _requests.Clear();
        Array.Clear(_pending);
        Array.Clear(_told);
    }

    /// <summary>Takes the state.</summary>
    public NvmeEventsState Capture() => new([.. _requests], _pending[0], _pending[1], _told[0], _told[1]);

    /// <summary>Takes on a state.</summary>
    public void Apply(NvmeEventsState state)
    {
        _requests.Clear();
        _requests.AddRange(state.Requests.Take(MostRequests));
        (_pending[0], _pending[1]) = (state.ErrorPending, state.HealthPending);
        (_told[0], _told[1]) = (state.ErrorTold, state.HealthTold);
    }
}
