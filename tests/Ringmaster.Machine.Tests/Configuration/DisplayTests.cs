using System.Net;
using Ringmaster.Machine.Configuration;
using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Machine.Tests.Configuration;

public sealed class DisplayTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("display").FullName;
    private readonly OptionText _reader;

    public DisplayTests()
    {
        _reader = new OptionText(_directory);
        File.WriteAllText(Path.Combine(_directory, "password"), "secret\n");
    }

    private string PasswordFile => Path.Combine(_directory, "password");

    [Theory]
    [InlineData("vnc=:0", "127.0.0.1:5900")]
    [InlineData("vnc=:12", "127.0.0.1:5912")]
    [InlineData("VNC=localhost:1", "127.0.0.1:5901")]
    [InlineData("vnc=127.0.0.2:1", "127.0.0.2:5901")]
    [InlineData("vnc=[::1]:1", "[::1]:5901")]
    [InlineData("vnc=:59635", "127.0.0.1:65535")]
    public void A_display_has_an_address_and_a_port(string text, string expected)
    {
        Assert.True(_reader.Display(text).TryGet(out var display, out var problem), problem);

        Assert.Equal(new DisplayConfig.Vnc(IPEndPoint.Parse(expected), null, null), display);
    }

    [Theory]
    [InlineData("vnc=0.0.0.0:1,password-file=password", "0.0.0.0:5901")]
    [InlineData("vnc=[::]:1, password-file=password", "[::]:5901")]
    [InlineData("vnc=:1,password-file=password", "127.0.0.1:5901")]
    public void With_a_password_it_may_be_any_address(string text, string expected)
    {
        Assert.True(_reader.Display(text).TryGet(out var display, out var problem), problem);

        Assert.Equal(new DisplayConfig.Vnc(IPEndPoint.Parse(expected), null, PasswordFile), display);
    }

    [Fact]
    public void A_Unix_socket_starts_from_the_files_directory()
    {
        Assert.True(_reader.Display("vnc=unix:screen").TryGet(out var display, out var problem), problem);

        Assert.Equal(new DisplayConfig.Vnc(null, Path.Combine(_directory, "screen"), null), display);
    }

    [Fact]
    public void None_is_none()
    {
        Assert.True(_reader.Display("none").TryGet(out var display, out var problem), problem);

        Assert.Equal(new DisplayConfig.None(), display);
    }

    [Theory]
    [InlineData("", "There is no display \"\".")]
    [InlineData("vcn=:1", "Did you mean \"vnc\"?")]
    [InlineData("gtk", "Choose from none, vnc.")]
    [InlineData("none=1", "Write only none.")]
    [InlineData("none,password-file=password", "Write only none.")]
    [InlineData("vnc", "\"vnc\" needs the number of a display: vnc=:1 for port 5901.")]
    [InlineData("vnc=", "\"vnc\" needs the number of a display")]
    [InlineData("vnc=1", "\"1\" does not end in the number of a display.")]
    [InlineData("vnc=:", "does not end in the number")]
    [InlineData("vnc=:-1", "does not end in the number")]
    [InlineData("vnc=:59636", "does not end in the number")]
    [InlineData("vnc=example.org:1", "\"example.org\" is no address.")]
    [InlineData("vnc=1:1", "\"1\" is no address.")]
    [InlineData("vnc=::1:1", "\"::1\" is no address.")]
    [InlineData("vnc=[127.0.0.1]:1", "is no address.")]
    [InlineData("vnc=192.0.2.1:1", "Everybody who reaches 192.0.2.1 could use the machine. Add password-file=PATH")]
    [InlineData("vnc=[::]:1", "Everybody who reaches ::")]
    [InlineData("vnc=unix:", "needs a path: vnc=unix:PATH.")]
    [InlineData("vnc=:1,pasword-file=password", "Did you mean \"password-file\"?")]
    [InlineData("vnc=:1,password-file=password,password-file=password", "given twice")]
    [InlineData("vnc=:1,password-file=missing", "There is no file missing.")]
    [InlineData("vnc=:1,password-file", "The path is empty.")]
    public void What_is_wrong_is_told_with_a_remedy(string text, string expected)
    {
        Assert.False(_reader.Display(text).TryGet(out _, out var problem));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
