using System.Net;
using Ringmaster.Backends.Network;

namespace Ringmaster.Backends.Tests.Network;

public sealed class HostResolversTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("resolv").FullName;

    [Theory]
    [InlineData("nameserver 192.0.2.53\n", "nameserver 192.0.2.54\n", "")]
    [InlineData("nameserver 127.0.0.53\noptions edns0\n", "# true ones\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n", "192.0.2.53,2001:db8::53")]
    [InlineData("nameserver 127.0.0.53\n", "nameserver 127.0.0.1\n", "")]
    [InlineData("nameserver\nnameserver nonsense\n", "nameserver 192.0.2.53", "192.0.2.53")]
    [InlineData("", null, "")]
    public void Servers_behind_a_local_cache_are_named_in_its_place(string usual, string? behind, string expected)
    {
        var (first, second) = (Path.Combine(_directory, "usual"), Path.Combine(_directory, "behind"));
        File.WriteAllText(first, usual);
        if (behind is not null)
            File.WriteAllText(second, behind);

        var better = HostResolvers.Better(first, second);

        Assert.Equal(expected, string.Join<IPAddress>(',', better));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
