using Ringmaster.Devices.Network;
using Ringmaster.Host.Files;
using Ringmaster.Host.Network;

namespace Ringmaster.Backends.Network;

/// <summary>
/// A switch that VMs of one host share, by a directory with a datagram socket for each of them. There is nothing in its middle:
/// members send to each other directly, so any of them may end, hang or die without the others' noticing.
/// </summary>
/// <remarks>
/// <para>Whoever joins sends a hello to all that are there. From then on, both learn behind whom an address is from the frames that
/// come; frames to an address that is not known, and to groups, go to everybody. A member that does not take its frames in time
/// loses them; one whose socket is closed is forgotten. A hello that got lost is made up for by the first frame.</para>
/// <para>Who may write the directory is a member; it is made for its owner alone. Members are no more trusted than guests: what
/// they send is checked before it goes on.</para>
/// </remarks>
public sealed class SwitchNetworkBackend : INetworkBackend, IDisposable
{
    /// <summary>Most other members.</summary>
    public const int MostMembers = 64;

    private const int MostMessagesAtOnce = 64;

    private readonly object _lock = new();
    private readonly SwitchDirectory _directory;
    private readonly LocalSocket _socket;
    private readonly PollThread _loop;
    private readonly FrameInput _input;
    private readonly FrameFinisher _judge = new();
    private readonly Dictionary<MacAddress, SwitchMember> _members = [];
    private readonly List<SwitchMember> _gone = [];
    private readonly MacTable _table = new(TimeProvider.System);
    private readonly byte[] _buffer = new byte[SwitchMessage.Longest];
    private int _waiting;

    // Of the wait under way: where in its set the own socket is, or -1, and those of members that did not take all.
    private readonly List<(SwitchMember Member, int Index)> _flushing = [];
    private int _awaited;

    /// <summary>Joins the switch.</summary>
    /// <param name="path">The directory, which is made if there is none.</param>
    /// <param name="address">The address to be known by; null for one that nobody else on this switch has.</param>
    /// <param name="ended">Called on another thread, with a sentence for people, if the host no longer lets it take part.</param>
    /// <exception cref="IOException">The directory cannot be used, or the address is taken; the message says what to do.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public SwitchNetworkBackend(string path, MacAddress? address = null, Action<string>? ended = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        _directory = new SwitchDirectory(path);
        (Address, _socket) = _directory.Join(address);
        _loop = new PollThread("net-switch", AddTo, Serve, message => ended?.Invoke(message));
        _input = new FrameInput(_loop.Bell);
        foreach (var member in _directory.Members())
            Meet(member);
        Tell(SwitchMessageKind.Hello);
        _loop.Start();
    }

    /// <summary>The address by which the other members know this one, meant for the guest's device.</summary>
    public MacAddress Address { get; }

    /// <inheritdoc/>
    public bool TakesOffloads => true;

    /// <summary>How many other members there are, as far as is known.</summary>
    internal int MemberCount
    {
        get
        {
            lock (_lock)
                return _members.Count;
        }
    }

    /// <summary>Whether frames go to a member.</summary>
    internal bool Knows(MacAddress member)
    {
        lock (_lock)
            return _members.ContainsKey(member);
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> frame, in FrameOffload offload)
    {
        if (frame.Length is < 2 * MacAddress.Size or > FrameFinisher.LongestFrame)
            return;
        Span<byte> header = stackalloc byte[SwitchMessage.HeaderSize];
        SwitchMessage.WriteHeader(header, SwitchMessageKind.Frame, Address, offload);
        var destination = MacAddress.Read(frame);
        lock (_lock)
        {
            if (_table.TryFind(destination, out var behind) && _members.TryGetValue(behind, out var member))
                Send(member, header, frame);
            else
                SendToAll(header, frame);
        }
    }

    /// <inheritdoc/>
    public void Connect(FrameReceiver? receiver) => _input.Connect(receiver);

    /// <inheritdoc/>
    public void ReceiverReady() => _input.Ready();

    /// <inheritdoc/>
    public void Dispose()
    {
        _loop.Stop();
        lock (_lock)
        {
            Tell(SwitchMessageKind.Bye);
            _gone.AddRange(_members.Values);
            _members.Clear();
        }
        DropGone();
        _directory.Leave(Address);
        _socket.Dispose();
        _loop.Dispose();
    }

    private void Tell(SwitchMessageKind kind)
    {
        Span<byte> header = stackalloc byte[SwitchMessage.HeaderSize];
        SwitchMessage.WriteHeader(header, kind, Address, FrameOffload.None);
        lock (_lock)
            SendToAll(header, default);
    }

    private void SendToAll(ReadOnlySpan<byte> header, ReadOnlySpan<byte> frame)
    {
        // A member that turns out to be gone is taken out, which the dictionary allows during enumeration.
        foreach (var (_, member) in _members)
            Send(member, header, frame);
    }

    private void Send(SwitchMember member, ReadOnlySpan<byte> header, ReadOnlySpan<byte> frame)
    {
        var hadBacklog = member.HasBacklog;
        if (!member.Send(header, frame))
            Lose(member);
        else if (member.HasBacklog && !hadBacklog)
            _loop.Bell.Set();
    }

    /// <summary>Takes a member out. Its socket is closed by the thread that may be waiting for it.</summary>
    private void Lose(SwitchMember member)
    {
        _members.Remove(member.Address);
        _table.Forget(member.Address);
        _gone.Add(member);
        _loop.Bell.Set();
    }

    /// <summary>Makes the way to a member, in place of one that there was.</summary>
    private void Meet(MacAddress address)
    {
        if (address == Address || _directory.TryReach(address) is not { } socket)
            return;
        lock (_lock)
        {
            if (_members.TryGetValue(address, out var before))
                Lose(before);
            if (_members.Count < MostMembers)
                _members.Add(address, new SwitchMember(address, socket));
            else
                socket.Dispose();
        }
    }

    private void DropGone()
    {
        lock (_lock)
        {
            _gone.ForEach(member => member.Dispose());
            _gone.Clear();
        }
    }

    private void AddTo(PollSet set)
    {
        _awaited = _waiting == 0 ? set.Add(_socket, readable: true) : -1;
        DropGone();
        _flushing.Clear();
        lock (_lock)
        {
            foreach (var (_, member) in _members)
            {
                if (member.HasBacklog)
                    _flushing.Add((member, set.Add(member.Socket, readable: false, writable: true)));
            }
        }
    }

    private void Serve(PollSet set)
    {
        Flush(set);
        Deliver(canRead: set.IsReadable(_awaited));
    }

    private void Flush(PollSet set)
    {
        lock (_lock)
        {
            foreach (var (member, index) in _flushing)
            {
                var isStillThere = _members.GetValueOrDefault(member.Address) == member;
                if (isStillThere && set.IsWritable(index) && !member.Flush())
                    Lose(member);
            }
        }
    }

    /// <summary>Hands over the frame that waits, if one does, and then those that can be received.</summary>
    private void Deliver(bool canRead)
    {
        if (_waiting > 0 && !Take(_buffer.AsSpan(0, _waiting), isNew: false))
            return;
        _waiting = 0;
        for (var count = 0; canRead && count < MostMessagesAtOnce; count++)
        {
            if (_socket.TryReceive(_buffer, out var length) != Transfer.Done)
                return;
            // One that did not fit was no message.
            if (length > _buffer.Length || Take(_buffer.AsSpan(0, length), isNew: true))
                continue;
            _waiting = length;
            return;
        }
    }

    /// <summary>Does what a message says.</summary>
    /// <returns>False if it is a frame that the device refuses for now.</returns>
    private bool Take(ReadOnlySpan<byte> message, bool isNew)
    {
        if (!SwitchMessage.TryRead(message, out var kind, out var sender, out var offload, out var frame) || sender == Address)
            return true;
        if (kind == SwitchMessageKind.Frame)
        {
            if (isNew && !Learn(frame, sender))
                return true;
            return !_judge.Accepts(frame, offload) || _input.Offer(frame, offload);
        }
        if (kind == SwitchMessageKind.Hello)
            Meet(sender);
        else
            Forget(sender);
        return true;
    }

    /// <summary>Notes where the sender of a frame is.</summary>
    /// <returns>False if the frame's member cannot be reached, so that it is none.</returns>
    private bool Learn(ReadOnlySpan<byte> frame, MacAddress member)
    {
        if (!Knows(member))
            Meet(member);
        lock (_lock)
        {
            if (!_members.ContainsKey(member))
                return false;
            _table.Learn(MacAddress.Read(frame[MacAddress.Size..]), member);
            return true;
        }
    }

    private void Forget(MacAddress member)
    {
        lock (_lock)
        {
            if (_members.TryGetValue(member, out var known))
                Lose(known);
        }
    }
}
