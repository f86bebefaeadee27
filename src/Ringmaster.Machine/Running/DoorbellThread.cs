using Ringmaster.Cpu.Doorbells;
using Ringmaster.Devices;
using Ringmaster.Devices.Pci;
using Ringmaster.Host.Waiting;

namespace Ringmaster.Machine.Running;

/// <summary>Carries out devices' doorbells on a thread of its own while the guest's vCPUs go on, where the engine turns writes into events.</summary>
/// <remarks>
/// A bell is answered with the machine's lock held, as an exit is. What has rung when the vCPUs stand still is carried out before they are said
/// to (<see cref="Drain"/>), so that it is in no saved state. A device may be reset, moved or unplugged between a ring and its answer: that is
/// as if the guest had rung earlier, and a bell that is gone is not answered.
/// </remarks>
internal sealed class DoorbellThread : IPciDoorbells, IDisposable
{
    private const long StopNumber = -1;

    private readonly IDoorbellBoard _board;
    private readonly Func<Doorbell, bool> _isAllowed;
    private readonly DeviceCalls _calls;
    private readonly AlarmSet _bells = new();
    private readonly Alarm _stop = new();
    private readonly Dictionary<Doorbell, Bell> _byPlace = [];
    private readonly Dictionary<long, Bell> _byNumber = [];
    private readonly Thread _thread;
    private long _lastNumber;
    private volatile bool _isStopped;

    /// <summary>Starts the thread.</summary>
    /// <param name="board">The engine's.</param>
    /// <param name="isAllowed">Whether a write would come to a PCI function, and to no other device.</param>
    /// <param name="calls">Calls devices.</param>
    public DoorbellThread(IDoorbellBoard board, Func<Doorbell, bool> isAllowed, DeviceCalls calls)
    {
        _board = board;
        _isAllowed = isAllowed;
        _calls = calls;
        _bells.Include(_stop, StopNumber);
        _thread = new Thread(Loop) { Name = "vm-doorbells", IsBackground = true };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Update(IEnumerable<(PciDoorbell Doorbell, ulong Address)> doorbells)
    {
        var wanted = new Dictionary<Doorbell, PciDoorbell>();
        foreach (var (doorbell, address) in doorbells)
        {
            var place = new Doorbell(address, doorbell.Bar.IsIo, doorbell.Length, doorbell.Value);
            // Of two at one place, which a guest is moving, the bus knows whom a write is for.
            if (_isAllowed(place) && !wanted.TryAdd(place, doorbell))
                wanted.Remove(place);
        }
        foreach (var (place, bell) in _byPlace.ToList())
        {
            if (!wanted.TryGetValue(place, out var doorbell) || doorbell != bell.Doorbell)
                Remove(place, bell);
        }
        foreach (var (place, doorbell) in wanted)
        {
            if (!_byPlace.ContainsKey(place))
                Add(place, doorbell);
        }
    }

    /// <summary>Carries out what has rung. The vCPUs stand still, and the machine's lock is held.</summary>
    public void Drain()
    {
        foreach (var number in _byNumber.Keys.ToList())
            Answer(number);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isStopped = true;
        _stop.Set();
        _thread.Join();
        lock (_calls.MachineLock)
            Update([]);
        _bells.Dispose();
        _stop.Dispose();
    }

    private void Add(Doorbell place, PciDoorbell doorbell)
    {
        var bell = new Bell(++_lastNumber, doorbell, new Alarm());
        if (!_board.TryAdd(place, bell.Alarm))
        {
            bell.Alarm.Dispose();
            return;
        }
        _bells.Include(bell.Alarm, bell.Number);
        _byPlace.Add(place, bell);
        _byNumber.Add(bell.Number, bell);
    }

    private void Remove(Doorbell place, Bell bell)
    {
        _board.Remove(place, bell.Alarm);
        _bells.Exclude(bell.Alarm);
        _byPlace.Remove(place);
        _byNumber.Remove(bell.Number);
        bell.Alarm.Dispose();
    }

    private void Loop()
    {
        while (!_isStopped)
        {
            foreach (var number in _bells.Wait())
                _calls.Run(() => Answer(number));
        }
    }

    private void Answer(long number)
    {
        if (_byNumber.TryGetValue(number, out var bell) && bell.Alarm.Wait(0))
            bell.Doorbell.Ring();
    }

    private sealed record Bell(long Number, PciDoorbell Doorbell, Alarm Alarm);
}
