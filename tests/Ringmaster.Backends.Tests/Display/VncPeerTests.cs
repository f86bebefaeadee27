using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Backends.Display;

namespace Ringmaster.Backends.Tests.Display;

/// <summary>Clients that others wrote.</summary>
public sealed class VncPeerTests : IDisposable
{
    private readonly FakeConsole _console = new(320, 200);
    private readonly string _directory = Directory.CreateTempSubdirectory("vnc").FullName;

    public VncPeerTests() => _console.Paint((x, y) => (x / 32 + y / 20) % 2 == 0 ? 0x1040A0u : (uint)((x << 16) | (y << 8)) & 0xFFFFFF);

    [ToolFact("gvnccapture", "pngtopnm")]
    public void Gtk_vnc_sees_the_picture()
    {
        using var server = Serve(null);
        var path = Path.Combine(_directory, "picture.png");

        HostTool.Run("gvnccapture", "-q", $"127.0.0.1:{Display(server)}", path);

        var (width, height, pixels) = HostTool.ReadPixmap(HostTool.Run("pngtopnm", path));
        Assert.Equal((320, 200), (width, height));
        Assert.Equal(_console.Pixels, pixels);
    }

    [ToolFact("vncsnapshot", "jpegtopnm")]
    public void Tight_vnc_sees_the_picture_by_every_encoding_and_knows_the_password()
    {
        using var server = Serve(VncPassword.Create("secret"));
        var password = Path.Combine(_directory, "password");
        File.WriteAllBytes(password, Scramble("secret"));
        foreach (var encoding in (string[])["raw", "hextile", "tight"])
        {
            var path = Path.Combine(_directory, encoding);

            HostTool.Run("vncsnapshot", "-quiet", "-passwd", password, "-encodings", encoding, $"127.0.0.1:{Display(server)}", path);

            var (width, height, pixels) = HostTool.ReadPixmap(HostTool.Run("jpegtopnm", path));
            Assert.Equal((320, 200), (width, height));
            // The file is a JPEG: nearly the same picture.
            Assert.All(pixels.Zip(_console.Pixels), pair => Assert.InRange(Distance(pair.First, pair.Second), 0, 120));
            Assert.InRange(pixels.Zip(_console.Pixels).Average(pair => Distance(pair.First, pair.Second)), 0, 12);
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static int Distance(uint one, uint other) =>
        Enumerable.Range(0, 3).Sum(i => Math.Abs((int)((one >> (i * 8)) & 0xFF) - (int)((other >> (i * 8)) & 0xFF)));

    private static int Display(VncServer server) => ((IPEndPoint)server.Address).Port - VncServer.FirstPort;

    private VncServer Serve(VncPassword? password)
    {
        var server = new VncServer(new IPEndPoint(IPAddress.Loopback, 0), password, NullLogger.Instance);
        server.Connect(_console);
        return server;
    }

    /// <summary>A password file of the VNC programs: the password under a key that everybody knows.</summary>
    private static byte[] Scramble(string password)
    {
        using var cipher = System.Security.Cryptography.DES.Create();
        cipher.Key = [0xE8, 0x4A, 0xD6, 0x60, 0xC4, 0x72, 0x1A, 0xE0];
        return cipher.EncryptEcb(Encoding.ASCII.GetBytes(password.PadRight(8, '\0')), System.Security.Cryptography.PaddingMode.None);
    }
}
