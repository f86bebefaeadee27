using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Backends.Network;
using Ringmaster.Backends.Tests.Serial;
using Ringmaster.Devices.Network;
using Ringmaster.Host.Files;
using Ringmaster.Host.Network;

namespace Ringmaster.Backends.Tests.Network;

public sealed class SwitchNetworkBackendTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("switch").FullName;
    private readonly List<Guest> _guests = [];

    [Fact]
    public void Three_members_exchange_frames_and_learn_where_each_is()
    {
        var (one, two, three) = (Join(), Join(), Join());

        one.Send("ff:ff:ff:ff:ff:ff", "who is there?");
        Assert.Equal("who is there?", two.Text());
        Assert.Equal("who is there?", three.Text());
        two.Send(one.Address, "me");
        Assert.Equal("me", one.Text());
        one.Send(two.Address, "hello, two");
        Assert.Equal("hello, two", two.Text());
        one.Send("ff:ff:ff:ff:ff:ff", "everybody");

        // What was meant for two has not come here in between.
        Assert.Equal("everybody", three.Text());
        Assert.Equal("everybody", two.Text());
    }

    [Fact]
    public void A_frame_to_an_unknown_address_goes_to_everybody()
    {
        var (one, two, three) = (Join(), Join(), Join());

        one.Send("02:00:00:00:00:77", "anybody?");

        Assert.Equal("anybody?", two.Text());
        Assert.Equal("anybody?", three.Text());
    }

    [Fact]
    public void Addresses_are_stable_and_differ()
    {
        var (one, two) = (Join(), Join());
        var first = one.Address;
        Assert.NotEqual(one.Address, two.Address);
        Leave(one);

        var again = Join();

        Assert.Equal(first, again.Address);
        Assert.True(MacAddress.TryParse(first, out var parsed) && parsed is { IsLocal: true, IsGroup: false });
    }

    [Fact]
    public void An_address_that_somebody_has_is_refused_with_a_remedy()
    {
        var one = Join();
        Assert.True(MacAddress.TryParse(one.Address, out var taken));

        var error = Assert.Throws<IOException>(() => new SwitchNetworkBackend(_directory, taken));

        Assert.Contains("mac=", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_others_go_on_when_one_leaves()
    {
        var (one, two, three) = (Join(), Join(), Join());
        Wait.Until(() => two.Backend.MemberCount == 2);
        Leave(one);

        Wait.Until(() => two.Backend.MemberCount == 1);
        two.Send(three.Address, "still here");

        Assert.Equal("still here", three.Text());
    }

    [Fact]
    public void One_that_died_is_forgotten_and_its_address_is_taken_over()
    {
        var one = Join();
        var dead = SwitchAddress(0x5200_0000_0099);
        using (LocalSocket.BindDatagram(SocketPath(dead)))
        {
            SendRaw(one, Message(SwitchMessageKind.Hello, dead, []));
            Wait.Until(() => one.Backend.MemberCount == 1);
        }
        Assert.True(File.Exists(SocketPath(dead)));

        // A test beside this one that starts a program holds copies of all descriptors for a moment, the dead one's among them.
        Wait.Until(() =>
        {
            one.Send("ff:ff:ff:ff:ff:ff", "into the void");
            return one.Backend.MemberCount == 0;
        });
        using var heir = new Guest(new SwitchNetworkBackend(_directory, dead));
        heir.Send("ff:ff:ff:ff:ff:ff", "the heir");

        Assert.Equal("the heir", one.Text());
    }

    [Fact]
    public void A_member_that_does_not_read_holds_up_nobody()
    {
        var (one, two) = (Join(), Join());
        using var deaf = LocalSocket.BindDatagram(SocketPath(SwitchAddress(0x5200_0000_0098)));
        SendRaw(one, Message(SwitchMessageKind.Hello, SwitchAddress(0x5200_0000_0098), []));
        Wait.Until(() => one.Backend.MemberCount == 2);
        var watch = System.Diagnostics.Stopwatch.StartNew();

        for (var i = 0; i < 3000; i++)
            one.Send("ff:ff:ff:ff:ff:ff", new string('x', 1000));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"Sending waited: {watch.Elapsed}.");
        Assert.Equal(1000, two.Text().Length);
        Assert.Equal(2, one.Backend.MemberCount);
    }

    [Fact]
    public void A_refused_frame_comes_again_when_there_is_room_and_none_is_lost_meanwhile()
    {
        var (one, two) = (Join(), Join());
        two.Queue.SetRoom(0);
        for (var i = 0; i < 100; i++)
            one.Send(two.Address, $"{i}");
        Thread.Sleep(50);
        Assert.Equal(0, two.Queue.Count);

        two.Queue.SetRoom(int.MaxValue);
        two.Backend.ReceiverReady();

        for (var i = 0; i < 100; i++)
            Assert.Equal($"{i}", two.Text());
    }

    [Fact]
    public void Nothing_comes_after_a_disconnect()
    {
        var (one, two) = (Join(), Join());

        two.Backend.Connect(null);
        one.Send(two.Address, "too late");
        two.Backend.Connect(two.Queue.Receive);
        one.Send(two.Address, "in time");

        Assert.Contains(two.Text(), (string[])["too late", "in time"]);
    }

    [Fact]
    public void Offloads_go_to_the_other_guest_and_nonsense_does_not()
    {
        var (one, two) = (Join(), Join());
        Assert.True(MacAddress.TryParse(two.Address, out var to));
        var frame = IpFrames.Tcp(to, 3000);
        var offload = new FrameOffload(FrameSegmentation.Tcp4, true, false, 54, 1000, 34, 16);

        one.Backend.Send(frame, offload with { ChecksumStart = 60000 });
        one.Backend.Send(frame, offload with { SegmentSize = 0 });
        one.Backend.Send(frame, offload);

        var (seen, left) = two.Queue.TakeWithOffload();
        Assert.Equal(frame, seen);
        Assert.Equal(offload, left);
    }

    [Fact]
    public void Hostile_messages_are_dropped()
    {
        var one = Join();
        var stranger = SwitchAddress(0x5200_0000_0055);
        var own = Message(SwitchMessageKind.Frame, one.Backend.Address, new byte[60]);

        SendRaw(one, []);
        SendRaw(one, [1]);
        SendRaw(one, new byte[SwitchMessage.HeaderSize]);
        SendRaw(one, Message((SwitchMessageKind)9, stranger, []));
        SendRaw(one, Message(SwitchMessageKind.Frame, stranger, new byte[60]));
        SendRaw(one, Message(SwitchMessageKind.Frame, stranger, new byte[3]));
        SendRaw(one, Message(SwitchMessageKind.Hello, stranger, []));
        SendRaw(one, Message(SwitchMessageKind.Bye, stranger, []));
        SendRaw(one, own);
        SendRaw(one, [.. Message(SwitchMessageKind.Frame, stranger, new byte[FrameFinisher.LongestFrame]), 1]);
        var two = Join();
        two.Send("ff:ff:ff:ff:ff:ff", "good");

        Assert.Equal("good", one.Text());
        Assert.Equal(1, one.Backend.MemberCount);
    }

    [Fact]
    public void Random_messages_never_throw_and_what_is_read_is_inside() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(ArbMap.Default.ArbFor<(byte[] Bytes, byte Kind, bool Right)>(), given =>
        {
            byte[] message = given.Right ? [.. "RMS1"u8, (byte)(given.Kind & 3), .. given.Bytes] : given.Bytes;

            if (SwitchMessage.TryRead(message, out var kind, out _, out _, out var frame))
            {
                Assert.Equal(message.Length - SwitchMessage.HeaderSize, frame.Length);
                Assert.True(kind != SwitchMessageKind.Frame || frame.Length >= 14);
            }
        }));

    [Fact]
    public void What_cannot_be_a_switch_is_refused_with_a_remedy()
    {
        var file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "precious");

        Assert.Contains("directory", Assert.Throws<IOException>(() => new SwitchNetworkBackend(file)).Message, StringComparison.Ordinal);
        var tooLong = Path.Combine(_directory, new string('x', 100));
        Assert.Contains("too long", Assert.Throws<IOException>(() => new SwitchNetworkBackend(tooLong)).Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(file));
    }

    [Fact]
    public void A_directory_that_was_taken_away_does_not_hinder_leaving()
    {
        var path = Path.Combine(_directory, "gone");
        var backend = new SwitchNetworkBackend(path);
        Directory.Delete(path, recursive: true);

        backend.Dispose();
        backend.Send(new byte[60], FrameOffload.None);
        backend.ReceiverReady();

        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void A_switch_is_for_its_owner_alone()
    {
        var path = Path.Combine(_directory, "new");

        using var backend = new SwitchNetworkBackend(path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    public void Dispose()
    {
        _guests.ForEach(guest => guest.Dispose());
        Directory.Delete(_directory, recursive: true);
    }

    private static MacAddress SwitchAddress(ulong value) => new(value);

    private static byte[] Message(SwitchMessageKind kind, MacAddress sender, byte[] frame)
    {
        var header = new byte[SwitchMessage.HeaderSize];
        SwitchMessage.WriteHeader(header, kind, sender, FrameOffload.None);
        return [.. header, .. frame];
    }

    private Guest Join()
    {
        var guest = new Guest(new SwitchNetworkBackend(_directory));
        // What is sent before the others have read the hello does not reach the new one.
        Wait.Until(() => _guests.TrueForAll(other => other.Backend.Knows(guest.Backend.Address)));
        _guests.Add(guest);
        return guest;
    }

    private void Leave(Guest guest)
    {
        _guests.Remove(guest);
        guest.Dispose();
    }

    private string SocketPath(MacAddress address) => Path.Combine(_directory, address.ToString().Replace(":", "", StringComparison.Ordinal));

    private void SendRaw(Guest to, byte[] message)
    {
        using var socket = LocalSocket.TryConnectDatagram(SocketPath(to.Backend.Address));
        Assert.NotNull(socket);
        Wait.Until(() => socket.TrySend(message, default, out _) == Transfer.Done);
    }

    private sealed class Guest : IDisposable
    {
        internal Guest(SwitchNetworkBackend backend)
        {
            Backend = backend;
            backend.Connect(Queue.Receive);
        }

        internal SwitchNetworkBackend Backend { get; }

        internal FrameQueue Queue { get; } = new();

        internal string Address => Backend.Address.ToString();

        internal void Send(string to, string text)
        {
            Assert.True(MacAddress.TryParse(to, out var destination));
            byte[] frame = [.. new byte[12], 0x88, 0xB5, .. System.Text.Encoding.ASCII.GetBytes(text)];
            destination.Write(frame);
            Backend.Address.Write(frame.AsSpan(6));
            Backend.Send(frame, FrameOffload.None);
        }

        internal string Text() => System.Text.Encoding.ASCII.GetString(Queue.Take()[14..]);

        public void Dispose()
        {
            Backend.Dispose();
            Queue.Dispose();
        }
    }
}
