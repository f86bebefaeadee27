using System.Buffers.Binary;
using System.Text;
using Ringmaster.Backends.Sharing;
using Ringmaster.Devices.Virtio.NineP;

namespace Ringmaster.Backends.Tests.Sharing;

public sealed class SharedFolderTests : IDisposable
{
    private const uint ReadWrite = 2, Truncate = 0x200, Exclusive = 0x80;
    private const int NoEntry = 2, Exists = 17, NotDirectory = 20, Invalid = 22, ReadOnly = 30, NotEmpty = 39, NotSupported = 95, Bad = 9, NameTooLong = 36, Protocol = 71;

    private readonly string _top = Directory.CreateTempSubdirectory("ringmaster-share").FullName;
    private readonly string _path;
    private readonly SharedFolder _folder, _readOnly;
    private readonly NinePClient _guest, _reader;

    public SharedFolderTests()
    {
        _path = Directory.CreateDirectory(Path.Combine(_top, "shared")).FullName;
        File.WriteAllText(Path.Combine(_top, "secret"), "outside");
        File.WriteAllText(Path.Combine(_path, "file"), "content");
        Directory.CreateDirectory(Path.Combine(_path, "dir"));
        File.WriteAllText(Path.Combine(_path, "dir", "inner"), "deeper");
        File.CreateSymbolicLink(Path.Combine(_path, "leak"), "../secret");
        File.CreateSymbolicLink(Path.Combine(_path, "absolute"), Path.Combine(_top, "secret"));
        File.CreateSymbolicLink(Path.Combine(_path, "updir"), "..");
        (_folder, _readOnly) = (new SharedFolder(_path, false), new SharedFolder(_path, true));
        (_guest, _reader) = (new NinePClient(_folder).Begin(), new NinePClient(_readOnly).Begin());
    }

    public void Dispose()
    {
        _folder.Dispose();
        _readOnly.Dispose();
        // Guests make names that are no text, which the runtime cannot name.
        using var remover = System.Diagnostics.Process.Start("rm", ["-rf", _top]);
        remover.WaitForExit();
    }

    [Fact]
    public void A_file_is_found_read_and_written()
    {
        Assert.Equal(0, _guest.Walk(0, 1, "dir", "inner"));
        Assert.Equal(0, _guest.Open(1, ReadWrite));

        Assert.Equal("deeper", _guest.Read(1));
        Assert.Equal("per", _guest.Read(1, 3));
        Assert.Equal(0, _guest.Write(1, "est", 4));
        Assert.Equal(0, _guest.Send(50, 1u, 0u).Error);
        Assert.Equal(0, _guest.Clunk(1));

        Assert.Equal("deepest", File.ReadAllText(Path.Combine(_path, "dir", "inner")));
        Assert.Equal(Bad, _guest.Clunk(1));
    }

    [Fact]
    public void Files_are_made_moved_linked_and_removed()
    {
        Assert.Equal(0, _guest.Send(72, 0u, "new", 0x1EDu, NinePClient.NoFid).Error);
        Assert.Equal(0, _guest.Walk(0, 1, "new"));
        Assert.Equal(0, _guest.Create(1, "a", mode: 0x100));
        Assert.Equal(0, _guest.Write(1, "text"));
        Assert.Equal(0, _guest.Walk(0, 2, "new"));
        Assert.Equal(0, _guest.Walk(2, 3, "a"));
        Assert.Equal(0, _guest.Send(70, 0u, 3u, "linked").Error);
        Assert.Equal(0, _guest.Send(74, 2u, "a", 0u, "moved").Error);
        Assert.Equal(0, _guest.Send(16, 0u, "symbolic", "anywhere/at all", NinePClient.NoFid).Error);
        Assert.Equal(0, _guest.Walk(0, 4, "symbolic"));

        Assert.Equal("anywhere/at all", Encoding.UTF8.GetString(_guest.Send(22, 4u).Body[2..]));
        Assert.Equal("text", File.ReadAllText(Path.Combine(_path, "moved")));
        Assert.Equal("text", File.ReadAllText(Path.Combine(_path, "linked")));
        Assert.Equal(0, _guest.Send(76, 0u, "new", 0x200u).Error);
        Assert.Equal(0, _guest.Send(122, 3u).Error);
        Assert.False(File.Exists(Path.Combine(_path, "moved")));
        Assert.Equal(NotEmpty, _guest.Send(76, 0u, "dir", 0x200u).Error);
        Assert.Equal(Exists, _guest.Send(72, 0u, "dir", 0x1EDu, NinePClient.NoFid).Error);
    }

    [Fact]
    public void Handles_follow_a_directory_that_is_renamed()
    {
        _guest.Walk(0, 1, "dir", "inner");
        Assert.Equal(0, _guest.Send(74, 0u, "dir", 0u, "other").Error);

        Assert.Equal(0, _guest.Send(20, 1u, 0u, "out").Error);

        Assert.Equal("deeper", File.ReadAllText(Path.Combine(_path, "out")));
        Assert.Equal("out", Encoding.UTF8.GetString(_folder.Save().Fids.Single(f => f.Number == 1).Path));
    }

    [Fact]
    public void A_file_that_may_not_be_written_can_be_written_by_whoever_makes_it()
    {
        _guest.Walk(0, 1);

        Assert.Equal(0, _guest.Create(1, "object", mode: 0x124));

        Assert.Equal(0, _guest.Write(1, "once"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(Path.Combine(_path, "object")));
    }

    [Theory]
    [InlineData("leak")]
    [InlineData("absolute")]
    public void Links_lead_nowhere_on_the_host(string link)
    {
        Assert.Equal(0, _guest.Walk(0, 1, link));
        Assert.Equal(NotSupported, _guest.Open(1, 0));
        Assert.Equal(NotSupported, _guest.Send(26, [1u, 1u, 0x1FFu, 0u, 0u, 0ul, 0ul, 0ul, 0ul, 0ul]).Error);
        Assert.Equal(Invalid, _guest.Send(26, [1u, 8u, 0u, 0u, 0u, 0ul, 0ul, 0ul, 0ul, 0ul]).Error);
        _guest.Walk(0, 2);
        Assert.Equal(NotSupported, _guest.Create(2, link));
        Assert.Equal(Exists, _guest.Create(2, link, ReadWrite | Exclusive));
        Assert.Equal(0, _guest.Walk(0, 3, "updir"));
        Assert.Equal(NotDirectory, _guest.Walk(3, 4, "secret"));
        Assert.Equal(NotDirectory, _guest.Send(72, 3u, "made", 0x1EDu, NinePClient.NoFid).Error);

        Assert.Equal("outside", File.ReadAllText(Path.Combine(_top, "secret")));
        Assert.Equal(["secret", "shared"], Directory.EnumerateFileSystemEntries(_top).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("dir/inner")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("nul\0l")]
    public void Names_are_names_of_entries_and_nothing_else(string name)
    {
        if (name != "..")
            Assert.Equal(Invalid, _guest.Walk(0, 1, name));
        Assert.Equal(NameTooLong, _guest.Walk(0, 1, new string('x', 256)));
        Assert.Equal(Invalid, _guest.Send(72, 0u, name, 0x1EDu, NinePClient.NoFid).Error);
        Assert.Equal(Invalid, _guest.Send(16, 0u, name, "target", NinePClient.NoFid).Error);
        Assert.Equal(Invalid, _guest.Send(18, 0u, name, 0x8000u, 0u, 0u, NinePClient.NoFid).Error);
        Assert.Equal(Invalid, _guest.Send(76, 0u, name, 0u).Error);
        Assert.Equal(Invalid, _guest.Send(74, 0u, "file", 0u, name).Error);
        Assert.Equal(Invalid, _guest.Send(74, 0u, name, 0u, "x").Error);
        _guest.Walk(0, 2, "file");
        Assert.Equal(Invalid, _guest.Send(70, 0u, 2u, name).Error);
        Assert.Equal(Invalid, _guest.Send(20, 2u, 0u, name).Error);
        _guest.Walk(0, 3);
        Assert.Equal(Invalid, _guest.Create(3, name));
        Assert.True(File.Exists(Path.Combine(_path, "file")));
    }

    [Fact]
    public void The_way_up_ends_at_the_shared_directory()
    {
        Assert.Equal(0, _guest.Walk(0, 1, "dir", "..", "..", "..", "..", "file"));
        Assert.Equal(0, _guest.Open(1, 0));
        Assert.Equal("content", _guest.Read(1));
        Assert.Equal(-1, _guest.Walk(0, 2, "..", "secret"));
        Assert.Equal(Bad, _guest.Clunk(2));
    }

    [Fact]
    public void A_directory_that_becomes_a_link_while_it_is_used_leads_nowhere()
    {
        _guest.Walk(0, 1, "dir");
        Directory.Move(Path.Combine(_path, "dir"), Path.Combine(_path, "old"));
        File.CreateSymbolicLink(Path.Combine(_path, "dir"), _top);

        Assert.Equal(NoEntry, _guest.Walk(1, 2, "secret"));
        Assert.Equal(-1, _guest.Walk(0, 2, "dir", "secret"));
        Assert.Equal(-1, _guest.Walk(1, 2, "..", "dir", "secret"));
        Assert.Equal(0, _guest.Walk(1, 2, "inner"));
    }

    [Fact]
    public void Nothing_is_changed_where_only_reading_is_allowed()
    {
        _reader.Walk(0, 1, "file");
        foreach (var flags in (uint[])[1, 2, 3, Truncate, Truncate | 1])
            Assert.Equal(ReadOnly, _reader.Open(1, flags));
        (byte Kind, object[] Fields)[] changes =
        [
            (14, [0u, "made", 2u, 0x1A4u, NinePClient.NoFid]),
            (14, [0u, "file", 0u, 0x1A4u, NinePClient.NoFid]),
            (16, [0u, "made", "target", NinePClient.NoFid]),
            (18, [0u, "made", 0x8000u, 0u, 0u, NinePClient.NoFid]),
            (20, [1u, 0u, "made"]),
            (26, [1u, 1u, 0u, 0u, 0u, 0ul, 0ul, 0ul, 0ul, 0ul]),
            (26, [1u, 0u, 0u, 0u, 0u, 0ul, 0ul, 0ul, 0ul, 0ul]),
            (70, [0u, 1u, "made"]),
            (72, [0u, "made", 0x1EDu, NinePClient.NoFid]),
            (74, [0u, "file", 0u, "made"]),
            (76, [0u, "file", 0u]),
        ];

        Assert.All(changes, change => Assert.Equal(ReadOnly, _reader.Send(change.Kind, change.Fields).Error));
        Assert.Equal(0, _reader.Open(1, 0));
        Assert.Equal(ReadOnly, _reader.Write(1, "x"));
        Assert.Equal("content", _reader.Read(1));
        Assert.Equal(ReadOnly, _reader.Send(122, 1u).Error);
        Assert.Equal("content", File.ReadAllText(Path.Combine(_path, "file")));
        Assert.False(File.Exists(Path.Combine(_path, "made")));
        // A saved state says that a file is open for writing.
        _readOnly.Restore(new NinePSession(65536, [new NinePFid(5, "file"u8.ToArray(), 2)]));
        Assert.NotEqual(0, _reader.Write(5, "x"));
    }

    [Fact]
    public void Devices_are_not_made_nor_opened_nor_lent_rights()
    {
        foreach (var type in (uint[])[0x2000, 0x6000])
            Assert.Equal(1, _guest.Send(18, 0u, "device", type | 0x1FF, 1u, 3u, NinePClient.NoFid).Error);
        Assert.Equal(0, _guest.Send(18, 0u, "pipe", 0x11FFu, 0u, 0u, NinePClient.NoFid).Error);
        _guest.Walk(0, 1, "pipe");
        Assert.Equal(NotSupported, _guest.Open(1, 0));
        _guest.Walk(0, 2);
        Assert.Equal(NotSupported, _guest.Create(2, "pipe"));
        Assert.Equal(0, _guest.Create(2, "program", mode: 0xDFF));
        Assert.Equal(0, _guest.Send(26, [2u, 1u, 0xDEDu, 0u, 0u, 0ul, 0ul, 0ul, 0ul, 0ul]).Error);

        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(Path.Combine(_path, "program")));
    }

    [Fact]
    public void Directories_are_listed_a_few_entries_at_a_time()
    {
        var expected = Enumerable.Range(0, 300).Select(i => $"a name that is a little longer {i}").ToList();
        foreach (var name in expected)
            File.WriteAllText(Path.Combine(_path, "dir", name), "");
        _guest.Walk(0, 1, "dir");
        Assert.Equal(Bad, _guest.Send(40, 1u, 0ul, 1000u).Error);
        Assert.Equal(0, _guest.Open(1, 0x10000));

        foreach (var count in (uint[])[300, 4096, 60000])
            Assert.Equal(expected.Concat([".", "..", "inner"]).Order(), _guest.Names(1, count).Order());

        Assert.Equal(Invalid, _guest.Send(40, 1u, 0ul, 10u).Error);
        Assert.Equal(Bad, _guest.Send(116, 1u, 0ul, 10u).Error);
    }

    [Fact]
    public void Attributes_are_told_and_set()
    {
        _guest.Walk(0, 1, "file");
        var time = new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);
        Assert.Equal(0, _guest.Send(26, [1u, 1u | 8 | 0x10 | 0x20 | 0x100, 0x180u, 0u, 0u, 3ul, 0ul, 0ul, (ulong)time.ToUnixTimeSeconds(), 5ul]).Error);

        var body = _guest.Send(24, 1u, 0x7FFul).Body;

        Assert.Equal(0x8180u, BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(21)));
        Assert.Equal(3ul, BinaryPrimitives.ReadUInt64LittleEndian(body.AsSpan(49)));
        Assert.Equal((ulong)time.ToUnixTimeSeconds(), BinaryPrimitives.ReadUInt64LittleEndian(body.AsSpan(89)));
        Assert.Equal(153, body.Length);
        Assert.Equal("con", File.ReadAllText(Path.Combine(_path, "file")));
        Assert.Equal(time, File.GetLastWriteTimeUtc(Path.Combine(_path, "file")), TimeSpan.FromMilliseconds(1));
        var system = _guest.Send(8, 1u).Body;
        Assert.Equal((60, 0x01021997u), (system.Length, BinaryPrimitives.ReadUInt32LittleEndian(system)));
    }

    [Fact]
    public void What_the_guest_has_open_goes_along()
    {
        _guest.Walk(0, 1, "dir", "inner");
        _guest.Open(1, ReadWrite);
        _guest.Walk(0, 2, "file");
        var session = _folder.Save();
        File.Delete(Path.Combine(_path, "file"));
        using var other = new SharedFolder(_path, false);
        var client = new NinePClient(other);

        other.Restore(session);

        Assert.Equal("deeper", client.Read(1));
        Assert.Equal(0, client.Write(1, "D"));
        Assert.Equal(116, client.Open(2, 0));
        Assert.Equal(0, client.Clunk(2));
        Assert.Equal(session.Fids.Select(f => (f.Number, Convert.ToHexString(f.Path), f.OpenFlags)).Where(f => f.Number != 2),
            other.Save().Fids.Select(f => (f.Number, Convert.ToHexString(f.Path), f.OpenFlags)));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("leak")]
    [InlineData("updir/secret")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    public void A_forged_state_opens_nothing_outside(string path)
    {
        _folder.Restore(new NinePSession(65536, [new NinePFid(1, Encoding.UTF8.GetBytes(path), 0)]));

        Assert.Null(_guest.Read(1));
        Assert.NotEqual(0, _guest.Walk(1, 2, "passwd"));
    }

    [Fact]
    public void Handles_are_bounded_and_all_are_given_up()
    {
        var error = 0;
        uint fid = 1;
        for (; error == 0 && fid < SharedFolder.MostFids + 10; fid++)
            error = _guest.Walk(0, fid);

        Assert.NotEqual(0, error);
        Assert.True(_folder.FidCount <= SharedFolder.MostFids);
        Assert.Equal(0, _guest.Send(100, 8192u, "9P2000.L").Error);
        Assert.Equal(0, _folder.FidCount);
    }

    [Fact]
    public void What_comes_before_an_agreement_or_is_not_known_is_refused()
    {
        using var folder = new SharedFolder(_path, false);
        var client = new NinePClient(folder);
        Assert.Equal(Protocol, client.Attach(0));
        Assert.Equal("unknown", Encoding.UTF8.GetString(client.Send(100, 8192u, "9P2000.u").Body[6..]));
        Assert.Equal(Protocol, client.Attach(0));
        Assert.Equal(NotSupported, _guest.Send(30, 0u, 1u, "user.x").Error);
        Assert.Equal(NotSupported, _guest.Send(102, 0u, "", "").Error);
        Assert.Equal(0, _guest.Send(108, (ushort)3).Error);
        Assert.Equal(new byte[] { 0 }, _guest.Send(52, 0u, (byte)1, 0u, 0ul, 0ul, 1u, "client").Body);
        Assert.Equal(2, _guest.Send(54, 0u, (byte)1, 0ul, 0ul, 1u, "client").Body[0]);
    }

    [Fact]
    public void Whatever_a_guest_sends_is_answered_or_not_and_stays_inside()
    {
        byte[] kinds = [8, 12, 14, 16, 18, 20, 22, 24, 26, 30, 32, 40, 50, 52, 54, 70, 72, 74, 76, 100, 102, 104, 108, 110, 116, 118, 120, 122];
        string[] names = ["..", "a", "b", "leak", "updir", "dir", "../secret", "", ".", "file", new('x', 300), "/etc"];
        foreach (var seed in Enumerable.Range(0, 60))
        {
            var random = new Random(seed);
            _guest.Begin();
            for (var i = 0; i < 200; i++)
            {
                var kind = random.Next(30) == 0 ? (byte)random.Next(256) : kinds[random.Next(kinds.Length)];
                if (kind == 100 && random.Next(20) != 0)
                    continue;
                var fields = Enumerable.Range(0, random.Next(9)).Select(_ => random.Next(6) switch
                {
                    0 or 1 => (object)(uint)random.Next(4),
                    2 => names[random.Next(names.Length)],
                    3 => (ulong)random.Next(100),
                    4 => (ushort)random.Next(5),
                    _ => (uint)random.NextInt64(),
                });
                var message = NinePClient.Message(kind, 1, [.. fields]);
                _folder.Answer(message, random.Next(5) == 0 ? random.Next(40) : 5000);
                _readOnly.Answer(message.AsSpan(0, random.Next(message.Length + 1)), 5000);
            }
        }

        Assert.Equal("outside", File.ReadAllText(Path.Combine(_top, "secret")));
        Assert.Equal(["secret", "shared"], Directory.EnumerateFileSystemEntries(_top).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_directory_that_is_not_there_is_refused() =>
        Assert.ThrowsAny<IOException>(() => new ShareServer(Path.Combine(_path, "nowhere"), false));

    [Fact]
    public void A_server_answers_in_order_and_is_idle_when_it_is_saved()
    {
        using var server = new ShareServer(_path, false);
        var answers = new List<byte>();
        Submit(100, 8192u, "9P2000.L");
        Submit(104, 0u, NinePClient.NoFid, "", "", 0u);
        for (uint i = 1; i < 100; i++)
            Submit(110, 0u, i, (ushort)0);

        var session = server.Save();

        Assert.Equal([101, 105, .. Enumerable.Repeat((byte)111, 99)], answers);
        Assert.Equal(100, session.Fids.Length);
        server.Reset();
        Assert.Empty(server.Save().Fids);

        void Submit(byte kind, params object[] fields) =>
            server.Submit(new NinePRequest(NinePClient.Message(kind, 1, fields), 1000, answer => answers.Add(answer.Span[4])));
    }
}
