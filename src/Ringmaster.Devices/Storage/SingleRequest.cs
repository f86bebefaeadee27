namespace Ringmaster.Devices.Storage;

/// <summary>The request in flight of a device that never has more than one, and that may give it up.</summary>
internal sealed class SingleRequest
{
    private int _number;
    private IBlockBackend? _backend;

    /// <summary>Whether the device waits for an end.</summary>
    public bool IsInFlight => _backend is not null;

    /// <summary>Starts a request. There is none in flight.</summary>
    /// <param name="backend">What carries it out.</param>
    /// <param name="request">The request; its call-back hears of the end unless the request is given up before.</param>
    public void Submit(IBlockBackend backend, BlockRequest request)
    {
        var number = ++_number;
        _backend = backend;
        backend.Submit(request with
        {
            Completed = status =>
            {
                if (number != _number || _backend is null)
                    return;
                _backend = null;
                request.Completed(status);
            },
        });
    }

    /// <summary>Gives up the request, if there is one: its memory is not touched any more, and its end is ignored.</summary>
    public void Abandon()
    {
        var backend = _backend;
        _backend = null;
        backend?.Drain();
    }
}
