using Ringmaster.Cpu.Doorbells;
using Ringmaster.Devices;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.State;
using Ringmaster.Host.Waiting;
using Ringmaster.Machine.Running;

namespace Ringmaster.Machine.Tests.Running;

public sealed class DoorbellThreadTests : IDisposable
{
    private const ulong Place = 0xE000_0000;
    private static readonly PciAddress s_slot = PciAddress.OnBus0(2);

    private readonly Lock _lock = new();
    private readonly FakeBoard _board = new();
    private readonly PciBus _bus = new((_, _) => new InterruptLine(_ => { }), (_, _) => { });
    private readonly Card _card = new();
    private readonly List<Exception> _failures = [];
    private readonly DoorbellThread _thread;
    private bool _isAllowed = true;

    public DoorbellThreadTests()
    {
        _bus.Attach(s_slot, _card);
        _thread = new DoorbellThread(_board, _ => _isAllowed, new DeviceCalls(_lock, _failures.Add));
        _bus.Doorbells = _thread;
    }

    public void Dispose() => _thread.Dispose();

    [Fact]
    public void A_doorbell_is_where_the_guest_has_placed_its_function()
    {
        Assert.Empty(_board.Bells);

        PlaceCard(Place);
        Assert.Equal([new Doorbell(Place + 0x10, false, 0, null), new Doorbell(Place + 0x20, false, 2, 7)], _board.Bells.Keys.Order(s_byAddress));

        PlaceCard(Place + 0x10_0000);
        Assert.All(_board.Bells.Keys, bell => Assert.True(bell.Address > Place + 0x10_0000));

        _bus.WriteConfig(s_slot, PciRegister.Command, 2, 0);
        Assert.Empty(_board.Bells);
    }

    [Fact]
    public void A_ring_does_what_the_write_does_on_another_thread()
    {
        PlaceCard(Place);

        Ring(Place + 0x20);

        Assert.True(SpinWait.SpinUntil(() => _card.Rings.Count == 1, 5000));
        Assert.Equal(("second", true), (_card.Rings[0].What, _card.Rings[0].Thread != Environment.CurrentManagedThreadId));
    }

    [Fact]
    public void A_ring_waits_for_the_machines_lock_and_is_carried_out_once()
    {
        PlaceCard(Place);

        lock (_lock)
        {
            Ring(Place + 0x10);
            Ring(Place + 0x10);
            Thread.Sleep(20);
            Assert.Empty(_card.Rings);
            _thread.Drain();
            Assert.Equal(["first"], _card.Rings.Select(r => r.What));
        }

        Thread.Sleep(20);
        Assert.Single(_card.Rings);
    }

    [Fact]
    public void What_has_left_rings_no_more()
    {
        PlaceCard(Place);

        lock (_lock)
        {
            Ring(Place + 0x10);
            _bus.Detach(s_slot);
        }

        Thread.Sleep(20);
        Assert.Empty(_board.Bells);
        Assert.Empty(_card.Rings);
    }

    [Fact]
    public void What_another_device_answers_is_no_doorbell()
    {
        _isAllowed = false;

        PlaceCard(Place);

        Assert.Empty(_board.Bells);
    }

    [Fact]
    public void Two_functions_at_one_place_have_none()
    {
        PlaceCard(Place);
        var other = new Card();
        _bus.Attach(PciAddress.OnBus0(3), other);

        PlaceCard(Place, 3);

        Assert.Empty(_board.Bells);
    }

    [Fact]
    public void A_function_works_without_where_the_engine_refuses()
    {
        _board.Refuses = true;

        PlaceCard(Place);

        Assert.Empty(_board.Bells);
    }

    [Fact]
    public void A_failure_is_the_machines()
    {
        PlaceCard(Place);
        _card.Failure = new InvalidOperationException("bug");

        Ring(Place + 0x10);

        Assert.True(SpinWait.SpinUntil(() => _failures.Count == 1, 5000));
    }

    private static readonly Comparer<Doorbell> s_byAddress = Comparer<Doorbell>.Create((a, b) => a.Address.CompareTo(b.Address));

    private void Ring(ulong address) => _board.Bells.Single(bell => bell.Key.Address == address).Value.Set();

    private void PlaceCard(ulong address, int slot = 2)
    {
        lock (_lock)
        {
            _bus.WriteConfig(PciAddress.OnBus0(slot), PciRegister.Command, 2, 0);
            _bus.WriteConfig(PciAddress.OnBus0(slot), PciRegister.Bar0, 4, (uint)address);
            _bus.WriteConfig(PciAddress.OnBus0(slot), PciRegister.Command, 2, PciRegister.CommandMemory);
        }
    }

    private sealed class FakeBoard : IDoorbellBoard
    {
        public Dictionary<Doorbell, Alarm> Bells { get; } = [];

        public bool Refuses { get; set; }

        public bool TryAdd(in Doorbell doorbell, Alarm bell)
        {
            if (!Refuses)
                Bells.Add(doorbell, bell);
            return !Refuses;
        }

        public void Remove(in Doorbell doorbell, Alarm bell) => Assert.True(Bells.Remove(doorbell));
    }

    private sealed class Card : IPciDevice, IRegisterBlock
    {
        public Card()
        {
            var bar = Pci.AddBar(0, PciBarKind.Memory32, 0x1000, this);
            Pci.AddDoorbell(new PciDoorbell(bar, 0x10, 0, null, () => Ring("first")));
            Pci.AddDoorbell(new PciDoorbell(bar, 0x20, 2, 7, () => Ring("second")));
        }

        public List<(string What, int Thread)> Rings { get; } = [];

        public Exception? Failure { get; set; }

        public PciFunction Pci { get; } = new(new PciIdentity(0x1AF4, 1, 0xFF_0000));

        public string Name => "card";

        public string Kind => "card";

        public void Reset() => Pci.Reset();

        public SavedState Save() => throw new NotSupportedException();

        public void Restore(SavedState state) => throw new NotSupportedException();

        public ulong Read(ulong offset, int size) => 0;

        public void Write(ulong offset, int size, ulong value)
        {
        }

        private void Ring(string what)
        {
            Rings.Add((what, Environment.CurrentManagedThreadId));
            if (Failure is not null)
                throw Failure;
        }
    }
}
