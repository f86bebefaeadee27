using Ringmaster.Devices.Virtio;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio.Rings;

public sealed class HostileRingTests
{
    private const ulong Table = 0x4000, Available = 0x4080, Used = 0x5000, Indirect = 0x6000, Outside = 1UL << 40;
    private const ushort Next = 1, Write = 2, IsIndirect = 4;
    private const ushort PackedAvailable = 1 << 7;

    private static readonly Dictionary<string, Action<VirtioBoard>> s_split = new()
    {
        ["a loop"] = board => { Descriptor(board, Table, 0x8000, 4, Next, 0); MakeAvailable(board, 0); },
        ["a next one that there is not"] = board => { Descriptor(board, Table, 0x8000, 4, Next, 8); MakeAvailable(board, 0); },
        ["a head that there is not"] = board => MakeAvailable(board, 8),
        ["the same chain twice"] = board => { Descriptor(board, Table, 0x8000, 4, 0, 0); MakeAvailable(board, 0, 0); },
        ["more than there is room for"] = board => Put(board, Available + 2, (ushort)9),
        ["an index that runs away"] = board => Put(board, Available + 2, (ushort)0xFFFF),
        ["room before what is to be read"] = board =>
        {
            Descriptor(board, Table, 0x8000, 4, Next | Write, 1);
            Descriptor(board, Table + 16, 0x8000, 4, 0, 0);
            MakeAvailable(board, 0);
        },
        ["4 GiB"] = board =>
        {
            Descriptor(board, Table, 0x8000, uint.MaxValue, Next, 1);
            Descriptor(board, Table + 16, 0x8000, 1, 0, 0);
            MakeAvailable(board, 0);
        },
        ["an address that wraps around"] = board => { Descriptor(board, Table, ulong.MaxValue - 2, 4, 0, 0); MakeAvailable(board, 0); },
        ["an empty table"] = board => { Descriptor(board, Table, Indirect, 0, IsIndirect, 0); MakeAvailable(board, 0); },
        ["a table of a half"] = board => { Descriptor(board, Table, Indirect, 24, IsIndirect, 0); MakeAvailable(board, 0); },
        ["a table and more"] = board =>
        {
            Descriptor(board, Table, Indirect, 16, IsIndirect | Next, 1);
            Descriptor(board, Indirect, 0x8000, 4, 0, 0);
            MakeAvailable(board, 0);
        },
        ["a table in a table"] = board =>
        {
            Descriptor(board, Table, Indirect, 16, IsIndirect, 0);
            Descriptor(board, Indirect, Indirect + 16, 16, IsIndirect, 0);
            Descriptor(board, Indirect + 16, 0x8000, 4, 0, 0);
            MakeAvailable(board, 0);
        },
        ["a table outside RAM"] = board => { Descriptor(board, Table, Outside, 16, IsIndirect, 0); MakeAvailable(board, 0); },
        ["a table at the end of all addresses"] = board => { Descriptor(board, Table, ulong.MaxValue - 15, 160, IsIndirect, 0); MakeAvailable(board, 0); },
        ["a loop in a table"] = board =>
        {
            Descriptor(board, Table, Indirect, 32, IsIndirect, 0);
            Descriptor(board, Indirect, 0x8000, 4, Next, 1);
            Descriptor(board, Indirect + 16, 0x8000, 4, Next, 0);
            MakeAvailable(board, 0);
        },
        ["a chain that leaves its table"] = board =>
        {
            Descriptor(board, Table, Indirect, 16, IsIndirect, 0);
            Descriptor(board, Indirect, 0x8000, 4, Next, 1);
            MakeAvailable(board, 0);
        },
        ["a table longer than the queue"] = board =>
        {
            Descriptor(board, Table, Indirect, 16 * 9, IsIndirect, 0);
            for (var i = 0UL; i < 9; i++)
                Descriptor(board, Indirect + 16 * i, 0x8000, 4, i < 8 ? Next : (ushort)0, (ushort)(i + 1));
            MakeAvailable(board, 0);
        },
    };

    private static readonly Dictionary<string, Action<VirtioBoard>> s_packed = new()
    {
        ["a chain without end"] = board =>
        {
            for (var i = 0UL; i < 8; i++)
                Descriptor(board, Table + 16 * i, 0x8000, 4, 0, PackedAvailable | Next);
        },
        ["an ID twice"] = board =>
        {
            Descriptor(board, Table, 0x8000, 4, 5, PackedAvailable);
            Descriptor(board, Table + 16, 0x8000, 4, 5, PackedAvailable);
        },
        ["an empty table"] = board => Descriptor(board, Table, Indirect, 0, 1, PackedAvailable | IsIndirect),
        ["a table of a half"] = board => Descriptor(board, Table, Indirect, 24, 1, PackedAvailable | IsIndirect),
        ["a table and more"] = board =>
        {
            Descriptor(board, Table, Indirect, 16, 1, PackedAvailable | IsIndirect | Next);
            Descriptor(board, Table + 16, 0x8000, 4, 1, PackedAvailable);
        },
        ["more and a table"] = board =>
        {
            Descriptor(board, Table, 0x8000, 4, 1, PackedAvailable | Next);
            Descriptor(board, Table + 16, Indirect, 16, 1, PackedAvailable | IsIndirect);
        },
        ["a table outside RAM"] = board => Descriptor(board, Table, Outside, 16, 1, PackedAvailable | IsIndirect),
        ["a table longer than the queue"] = board => Descriptor(board, Table, Indirect, 16 * 9, 1, PackedAvailable | IsIndirect),
        ["a table of 4 GiB"] = board => Descriptor(board, Table, Indirect, 0xFFFF_FFF0, 1, PackedAvailable | IsIndirect),
        ["room before what is to be read"] = board =>
        {
            Descriptor(board, Table, 0x8000, 4, 1, PackedAvailable | Next | Write);
            Descriptor(board, Table + 16, 0x8000, 4, 1, PackedAvailable);
        },
    };

    public static TheoryData<bool, string> Cases
    {
        get
        {
            var data = new TheoryData<bool, string>();
            foreach (var name in s_split.Keys)
                data.Add(false, name);
            foreach (var name in s_packed.Keys)
                data.Add(true, name);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_ring_that_breaks_the_rules_stops_the_device_until_it_is_reset(bool isPacked, string name)
    {
        var device = new HoldingDevice();
        var board = new VirtioBoard(device);
        Prepare(board, isPacked);

        (isPacked ? s_packed : s_split)[name](board);
        board.Notify(0);

        Assert.True(board.Status.HasFlag(VirtioStatus.NeedsReset));
        Assert.Equal(2, board.TakeInterrupts() & 2);
        Assert.Empty(device.Held);
        board.Notify(0);
        board.MoveTo(new HoldingDevice());
        Prepare(board, isPacked);
        Descriptor(board, Table, 0x8000, 4, isPacked ? (ushort)1 : (ushort)0, isPacked ? PackedAvailable : (ushort)0);
        MakeAvailable(board, 0);
        board.Notify(0);
        Assert.False(board.Status.HasFlag(VirtioStatus.NeedsReset));
        Assert.Single(device.Held);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_packed_driver_cannot_have_more_chains_in_flight_than_descriptors(bool isOverrun)
    {
        var device = new HoldingDevice();
        var board = new VirtioBoard(device);
        Prepare(board, isPacked: true);
        for (ushort i = 0; i < 8; i++)
            Descriptor(board, Table + 16UL * i, 0x8000, 4, i, PackedAvailable);
        board.Notify(0);

        if (isOverrun)
            Descriptor(board, Table, 0x8000, 4, 9, 1 << 15);
        board.Notify(0);

        Assert.Equal(isOverrun, board.Status.HasFlag(VirtioStatus.NeedsReset));
        Assert.Equal(isOverrun ? 0 : 8, device.Held.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_ring_outside_RAM_stops_the_device(bool isPacked)
    {
        var board = new VirtioBoard(new HoldingDevice());
        board.Negotiate(isPacked ? VirtioBoard.Packed : 0);
        board.Enable(0, new SplitDriverRing(board.Memory, 8, Outside, false));
        board.Ready();

        board.Notify(0);

        Assert.True(board.Status.HasFlag(VirtioStatus.NeedsReset));
    }

    [Fact]
    public void A_used_ring_outside_RAM_stops_the_device()
    {
        var device = new HoldingDevice();
        var board = new VirtioBoard(device);
        Prepare(board, isPacked: false, used: Outside);
        Descriptor(board, Table, 0x8000, 4, 0, 0);
        MakeAvailable(board, 0);
        board.Notify(0);

        device.Return(0);

        Assert.True(board.Status.HasFlag(VirtioStatus.NeedsReset));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_driver_that_never_ceases_does_not_keep_the_device_for_ever(bool isPacked)
    {
        var device = new EagerDriver();
        var board = new VirtioBoard(device);
        board.Negotiate(isPacked ? VirtioBoard.Packed : 0);
        device.Ring = isPacked ? new PackedDriverRing(board.Memory, 16, Table, false) : new SplitDriverRing(board.Memory, 16, Table, false);
        board.Enable(0, device.Ring);
        device.Ring.Add([new DriverBuffer(0x8000, 4, false)], null);

        board.Ready();
        Assert.Equal(32, device.Done);
        board.Notify(0);
        Assert.Equal(64, device.Done);

        // It goes on by itself.
        board.Clock.Advance(10_000);
        Assert.Equal(96, device.Done);
        board.Clock.Advance(10_000);
        Assert.Equal(128, device.Done);
    }

    private static void Prepare(VirtioBoard board, bool isPacked, ulong used = Used)
    {
        board.Memory.Window(new GuestPhysicalAddress(Table), 0x4000).Clear();
        board.Negotiate(VirtioBoard.Indirect | (isPacked ? VirtioBoard.Packed : 0));
        board.Enable(0, new PlacedRing(board.Memory, 8, Table, Available, used));
        board.Ready();
    }

    private static void Descriptor(VirtioBoard board, ulong at, ulong address, uint length, ushort third, ushort fourth)
    {
        Put(board, at, address);
        Put(board, at + 8, length);
        Put(board, at + 12, third);
        Put(board, at + 14, fourth);
    }

    private static void MakeAvailable(VirtioBoard board, params ReadOnlySpan<ushort> heads)
    {
        for (var i = 0; i < heads.Length; i++)
            Put(board, Available + 4 + 2 * (ulong)i, heads[i]);
        Put(board, Available + 2, (ushort)heads.Length);
    }

    private static void Put<T>(VirtioBoard board, ulong at, T value) where T : unmanaged =>
        Assert.True(board.Memory.TryWrite(new GuestPhysicalAddress(at), value));

    /// <summary>Only the places of a ring.</summary>
    private sealed class PlacedRing(GuestMemory memory, int size, ulong descriptors, ulong driver, ulong device) : DriverRing(memory, size, descriptors, false)
    {
        public override ulong Descriptors => Start;

        public override ulong Driver => driver;

        public override ulong Device => device;

        public override int Free => 0;

        public override ushort? Add(IReadOnlyList<DriverBuffer> buffers, ulong? table) => null;

        public override bool MustNotify() => false;

        public override (ushort Id, uint Written)? Take() => null;

        public override bool Want(bool interrupts) => false;
    }
}
