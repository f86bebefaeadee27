using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Network;

/// <summary>
/// Behind which member of a switch an address was last seen. A member's addresses are forgotten when they have not been seen for
/// five minutes, and it can have no more than a number of them, so that none can fill the table for the others.
/// </summary>
/// <param name="time">Tells how long ago that was.</param>
/// <remarks>For use under its owner's lock.</remarks>
internal sealed class MacTable(TimeProvider time)
{
    /// <summary>Most addresses behind one member.</summary>
    internal const int MostBehindOne = 256;

    /// <summary>After which time an address that is silent is forgotten.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Dictionary<MacAddress, (MacAddress Member, long Seen)> _places = [];
    private readonly Dictionary<MacAddress, int> _counts = [];

    internal int Count => _places.Count;

    /// <summary>Notes that a frame came from an address behind a member.</summary>
    internal void Learn(MacAddress source, MacAddress member)
    {
        if (source.IsGroup)
            return;
        var now = time.GetTimestamp();
        if (_places.TryGetValue(source, out var place))
        {
            if (place.Member == member)
            {
                _places[source] = (member, now);
                return;
            }
            Remove(source, place.Member);
        }
        var count = _counts.GetValueOrDefault(member);
        if (count >= MostBehindOne)
        {
            ForgetSilent(member);
            count = _counts.GetValueOrDefault(member);
            if (count >= MostBehindOne)
                return;
        }
        _places[source] = (member, now);
        _counts[member] = count + 1;
    }

    /// <summary>Finds the member for a frame to an address.</summary>
    internal bool TryFind(MacAddress destination, out MacAddress member)
    {
        member = default;
        if (!_places.TryGetValue(destination, out var place) || time.GetElapsedTime(place.Seen) > Lifetime)
            return false;
        member = place.Member;
        return true;
    }

    /// <summary>Forgets all addresses behind a member.</summary>
    internal void Forget(MacAddress member)
    {
        foreach (var (source, _) in _places.Where(place => place.Value.Member == member).ToList())
            _places.Remove(source);
        _counts.Remove(member);
    }

    private void ForgetSilent(MacAddress member)
    {
        var silent = _places.Where(place => place.Value.Member == member && time.GetElapsedTime(place.Value.Seen) > Lifetime).ToList();
        foreach (var (source, _) in silent)
            Remove(source, member);
    }

    private void Remove(MacAddress source, MacAddress member)
    {
        _places.Remove(source);
        _counts[member]--;
    }
}
