using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Backends.Display;

namespace Ringmaster.Backends.Tests.Display;

public sealed class VncPictureTests : IDisposable
{
    private const int Raw = 0, Hextile = 5, Tight = 7, Zrle = 16, DesktopSize = -223, ExtendedDesktopSize = -308;
    private static readonly TimeSpan s_while = TimeSpan.FromMilliseconds(200);

    private readonly FakeConsole _console = new();
    private readonly VncServer _server = new(new IPEndPoint(IPAddress.Loopback, 0), null, NullLogger.Instance);

    public VncPictureTests() => _server.Connect(_console);

    public static TheoryData<int, string> Formats
    {
        get
        {
            var all = new TheoryData<int, string>();
            foreach (var encoding in (int[])[Raw, Hextile, Tight, Zrle])
            {
                foreach (var format in s_formats.Keys)
                    all.Add(encoding, format);
            }
            return all;
        }
    }

    private static readonly Dictionary<string, ClientFormat> s_formats = new()
    {
        ["32 little"] = ClientFormat.Native,
        ["32 big"] = new(32, 24, true, 255, 255, 255, 16, 8, 0),
        ["32 at the top"] = new(32, 24, false, 255, 255, 255, 24, 16, 8),
        ["32 big at the top"] = new(32, 24, true, 255, 255, 255, 8, 16, 24),
        ["30 bits"] = new(32, 30, false, 1023, 1023, 1023, 20, 10, 0),
        ["16 little"] = new(16, 16, false, 31, 63, 31, 11, 5, 0),
        ["16 big"] = new(16, 15, true, 31, 31, 31, 10, 5, 0),
        ["8"] = new(8, 8, false, 7, 7, 3, 0, 3, 6),
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Pictures_arrive_as_they_are(int encoding, string format)
    {
        using var client = RfbClient.Start(_server.Address, isShared: true, encoding);
        client.SetFormat(s_formats[format]);
        foreach (var picture in s_pictures)
        {
            _console.Paint(picture);
            client.Request();
            client.ReadUpdate();

            Assert.Equal(_console.Pixels.Select(s_formats[format].Of), client.Pixels);
        }
    }

    private static readonly Func<int, int, uint>[] s_pictures =
    [
        (_, _) => 0x336699,
        // Text: two colours in small shapes.
        (x, y) => (x * 7 + y * 13) % 11 < 4 && x % 9 < 7 ? 0xAAAAAAu : 0u,
        (x, y) => (uint)(x / 40 % 4 * 0x404040 + y / 30 * 0x10),
        // Long runs of few colours, and of many.
        (x, y) => (uint)((y * 200 + x) / 700 * 0x030507) & 0xFFFFFF,
        (x, y) => (uint)((y * 200 + x) / 70 * 0x030507) & 0xFFFFFF,
        // 64, 100 and 240 colours in no order.
        (x, y) => (uint)((x * 31 + y * 17) % 64 * 0x020406),
        (x, y) => (uint)((x * 31 + y * 17) % 100 * 0x020202),
        (x, y) => (uint)((x * x + y * 7) % 240 * 0x010101),
        // Gradients and noise.
        (x, y) => (uint)((x << 16) | (y << 8) | ((x + y) & 0xFF)),
        (x, y) => (uint)(x * 2654435761u ^ y * 40503u * 69069u) >> 8,
        (x, y) => x == 199 && y == 99 ? 0xFFFFFFu : 0x102030u,
    ];

    [Fact]
    public void Nothing_is_sent_until_something_changes_and_then_only_that()
    {
        using var client = RfbClient.Start(_server.Address, isShared: true, Zrle);
        client.Request();
        client.ReadUpdate();
        Assert.Equal([(0, 0, 200, 64), (0, 64, 200, 36)], client.Changed);

        client.Request(isIncremental: true);
        Assert.False(client.Hears(s_while));
        _console.Paint(70, 20, 0xFFFFFF);
        client.ReadUpdate();

        Assert.Equal([(64, 16, 64, 16)], client.Changed);
        Assert.Equal(_console.Pixels, client.Pixels);
        // No request, no update.
        _console.Paint(0, 0, 0xFF);
        Assert.False(client.Hears(s_while));
    }

    [Fact]
    public void Updates_come_at_most_30_times_a_second_and_nobody_looks_while_nobody_asks()
    {
        using var client = RfbClient.Start(_server.Address, isShared: true, Raw);
        client.Request();
        client.ReadUpdate();
        var before = _console.Captures;
        Thread.Sleep(s_while);
        Assert.Equal(before, _console.Captures);

        client.Request(isIncremental: true);
        Thread.Sleep(s_while * 5);

        Assert.InRange(_console.Captures - before, 2, 31);
    }

    [Fact]
    public void A_part_that_was_asked_for_comes_alone_and_the_rest_is_not_lost()
    {
        using var client = RfbClient.Start(_server.Address, isShared: true, Hextile);
        _console.Paint((x, y) => (uint)(x * y));

        client.Request(isIncremental: false, 10, 20, 5, 6);
        client.ReadUpdate();
        Assert.Equal([(10, 20, 5, 6)], client.Changed);
        client.Request(isIncremental: true);
        client.ReadUpdate();

        Assert.Equal(_console.Pixels, client.Pixels);
    }

    [Theory]
    [InlineData(DesktopSize)]
    [InlineData(ExtendedDesktopSize)]
    public void A_client_that_can_takes_on_the_guests_new_size(int encoding)
    {
        using var client = RfbClient.Start(_server.Address, isShared: true, Zrle, encoding);
        client.Request();
        client.ReadUpdate();
        if (encoding == ExtendedDesktopSize)
        {
            Assert.Equal([(ExtendedDesktopSize, 0, 0)], client.Told);
            client.ReadUpdate();
        }
        _console.Resize(320, 240);
        _console.Paint((x, y) => (uint)(x + y));

        client.Request(isIncremental: true);
        client.ReadUpdate();
        Assert.Equal((encoding, 0, 0), Assert.Single(client.Told));
        Assert.Equal((320, 240), (client.Width, client.Height));
        client.Request(isIncremental: true);
        client.ReadUpdate();

        Assert.Equal(_console.Pixels, client.Pixels);
    }

    [Fact]
    public void A_client_that_cannot_sees_the_upper_left_part()
    {
        using var client = RfbClient.Start(_server.Address, isShared: true, Zrle);
        client.Request();
        client.ReadUpdate();
        _console.Resize(100, 200);
        _console.Paint((_, _) => 0x123456);

        client.Request(isIncremental: true);
        client.ReadUpdate();
        client.Request();
        client.ReadUpdate();

        Assert.Equal(Enumerable.Range(0, 200 * 100).Select(i => i % 200 < 100 ? 0x123456u : 0u), client.Pixels);
    }

    [Fact]
    public void A_client_may_not_set_the_guests_size()
    {
        using var client = RfbClient.Start(_server.Address, isShared: true, Raw, ExtendedDesktopSize);
        client.Send([251, 0, 4, 0, 3, 0, 1, 0, .. new byte[16]]);
        client.ReadUpdate();

        Assert.Equal([(ExtendedDesktopSize, 1, 1)], client.Told);
        Assert.Equal((200, 100), (client.Width, client.Height));
    }

    [Fact]
    public void A_client_with_a_colour_map_gets_one_and_numbers_of_it()
    {
        using var client = RfbClient.Start(_server.Address, isShared: true, Raw);
        _console.Paint((x, _) => (uint)x * 0x010100);
        client.Send([0, 0, 0, 0, 8, 8, 0, 0, .. new byte[12]]);
        client.Request();

        Assert.Equal([1, 0, 0, 0, 1, 0], client.Read(6));
        var map = client.Read(256 * 6);
        Assert.Equal([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], map[^6..]);
        client.Read(4 + 12);
        foreach (var (number, x) in client.Read(200).Select((n, x) => (n, x)))
        {
            Assert.InRange(map[number * 6] - x, -19, 19);
            Assert.InRange(map[number * 6 + 2] - x, -19, 19);
            Assert.Equal(0, map[number * 6 + 4]);
        }
    }

    [Fact]
    public void Before_and_after_the_machine_the_screen_is_dark()
    {
        _server.Connect(null);
        using var client = RfbClient.Start(_server.Address, isShared: true, Zrle, DesktopSize);
        Assert.Equal((640, 480), (client.Width, client.Height));
        client.Request();
        client.ReadUpdate();
        Assert.DoesNotContain(client.Pixels, p => p != 0);

        _console.Paint((_, _) => 0xABCDEF);
        _server.Connect(_console);
        client.Request(isIncremental: true);
        client.ReadUpdate();
        client.Request(isIncremental: true);
        client.ReadUpdate();

        Assert.Equal(_console.Pixels, client.Pixels);
    }

    [Fact]
    public void Large_pictures_come_in_pieces()
    {
        _console.Resize(3000, 1100);
        _console.Paint((x, y) => (uint)(x ^ y));
        using var client = RfbClient.Start(_server.Address, isShared: true, Tight);
        client.Request();
        client.ReadUpdate();

        Assert.All(client.Changed, c => Assert.True(c is { Width: <= 2048, Height: <= 64 }));
        Assert.Equal(_console.Pixels, client.Pixels);
    }

    public void Dispose() => _server.Dispose();
}
