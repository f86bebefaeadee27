using Ringmaster.Devices.Network;
using Ringmaster.Host.Files;
using Ringmaster.Host.Network;

namespace Ringmaster.Backends.Network;

/// <summary>Another member of a switch and the way to it. For use under the switch port's lock.</summary>
/// <param name="address">Its address.</param>
/// <param name="socket">Sends to it.</param>
internal sealed class SwitchMember(MacAddress address, LocalSocket socket) : IDisposable
{
    private const int Capacity = 512 * 1024;

    private readonly FrameBacklog _backlog = new(Capacity);

    internal MacAddress Address => address;

    internal LocalSocket Socket => socket;

    internal bool HasBacklog => !_backlog.IsEmpty;

    /// <summary>Sends a message, now or later or never.</summary>
    /// <returns>False if the member has gone.</returns>
    internal bool Send(ReadOnlySpan<byte> header, ReadOnlySpan<byte> frame)
    {
        if (!_backlog.IsEmpty)
        {
            _backlog.TryAdd(header, frame);
            return true;
        }
        var outcome = socket.TrySend(header, frame, out _);
        if (outcome == Transfer.Busy)
            _backlog.TryAdd(header, frame);
        return outcome != Transfer.Broken;
    }

    /// <summary>Sends what was kept, as far as it goes.</summary>
    /// <returns>False if the member has gone.</returns>
    internal bool Flush()
    {
        while (!_backlog.IsEmpty)
        {
            var outcome = socket.TrySend(_backlog.First, default, out _);
            if (outcome != Transfer.Done)
                return outcome == Transfer.Busy;
            _backlog.RemoveFirst();
        }
        return true;
    }

    public void Dispose()
    {
        _backlog.Clear();
        socket.Dispose();
    }
}
