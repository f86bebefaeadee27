using Ringmaster.Devices.Virtio.NineP;

namespace Ringmaster.Devices.Tests.Virtio;

public sealed class VirtioNinePTests
{
    private static readonly byte[] s_read = [11, 0, 0, 0, 116, 5, 0, 1, 2, 3, 4], s_remove = [9, 0, 0, 0, 122, 6, 0, 1, 2];

    private readonly WaitingNinePServer _server = new();
    private readonly VirtioNineP _device;

    public VirtioNinePTests() => _device = new VirtioNineP("häuser", _server, _server.Post);

    [Fact]
    public void The_tag_is_in_the_configuration()
    {
        var guest = new GuestDriver(_device);

        Assert.Equal(7UL, guest.Board.ReadConfig(0, 2));
        Assert.Equal("häuser"u8.ToArray(), Enumerable.Range(2, 7).Select(i => (byte)guest.Board.ReadConfig(i, 1)));
    }

    [Fact]
    public void Answers_come_when_the_server_has_them()
    {
        var guest = new GuestDriver(_device);

        guest.Send(0, s_read, room: 100);
        guest.Send(0, s_remove, room: 8);
        Assert.Null(guest.Take(0));
        _server.Finish();

        Assert.True(guest.Board.WasInterrupted());
        Assert.Equal([11, 0, 0, 0, 117, 5, 0, 1, 2, 3, 4], guest.Take(0)!);
        Assert.Equal([9, 0, 0, 0, 123, 6, 0, 1], guest.Take(0)!);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 7, 0, 0, 0, 100, 0 })]
    [InlineData(new byte[] { 6, 0, 0, 0, 100, 0, 0 })]
    [InlineData(new byte[] { 9, 0, 0, 0, 100, 0, 0, 0 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 100, 0, 0, 0 })]
    public void What_is_no_message_comes_back_at_once(byte[] message)
    {
        var guest = new GuestDriver(_device);

        guest.Send(0, message, room: 100);

        Assert.Empty(_server.Waiting);
        Assert.Equal([], guest.Take(0)!);
    }

    [Fact]
    public void Nothing_is_done_twice_when_a_state_moves()
    {
        var guest = new GuestDriver(_device);
        guest.Send(0, s_remove, room: 100);
        guest.Send(0, s_read, room: 100);
        var other = new WaitingNinePServer();

        guest.MoveTo(new VirtioNineP("häuser", other, other.Post));

        Assert.Equal(s_read, Assert.Single(other.Handled).Message.ToArray());
        other.Finish();
        Assert.Equal([123, 117], guest.TakeAll(0).Select(a => a[4]));
    }

    [Fact]
    public void Answers_to_what_was_asked_before_a_reset_go_nowhere()
    {
        var guest = new GuestDriver(_device);
        guest.Send(0, s_read, room: 100);
        var request = Assert.Single(_server.Waiting);
        var before = guest.Board.Memory.CreateCopy();

        guest.Board.SetStatus(0);
        request.Completed(new byte[100]);
        _server.Finish();

        Assert.Equal(before.Window(new(0x10_0000), 0x1000).ToArray(), guest.Board.Memory.Window(new(0x10_0000), 0x1000).ToArray());
        before.Dispose();
    }
}
