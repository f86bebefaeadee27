using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ringmaster.Backends.Network;

/// <summary>How passt is called, and what its complaints mean (passt(1)).</summary>
internal static class PasstCommand
{
    /// <summary>The program.</summary>
    internal const string Name = "passt";

    internal const string Missing =
        "The program passt, which --net user runs, is not installed. Install it (Debian, Ubuntu, Fedora: package passt), or choose --net tap=NAME, socket=PATH or none.";

    private const string NoRoute =
        "passt needs a host interface with a default route. Connect the host (or the container) to a network, or choose --net socket=PATH or none.";

    private const string NoSandbox =
        "passt locks itself into namespaces of its own, which this host or container does not allow. Allow user namespaces "
        + "(sysctl user.max_user_namespaces; in a container, a seccomp profile that lets unshare pass), or choose --net tap=NAME.";

    private const string NoPort =
        "The port may be in use, or below 1024, which passt cannot bind unless sysctl net.ipv4.ip_unprivileged_port_start allows it. Choose another port for --publish.";

    private const string NoAnswers =
        "this passt loses what a guest answers to datagrams from a loopback address, unless the guest may reach that. "
        + "Publish the port at another of the host's addresses, add loopback=on to --net user, or install a passt of September 2024 or later.";

    private static readonly TimeSpan LongestHelp = TimeSpan.FromSeconds(5);

    /// <summary>What this passt cannot do of what is asked for; null if it can do everything.</summary>
    /// <exception cref="IOException">There is no passt.</exception>
    internal static string? Shortcoming(string program, UserNetworkOptions options)
    {
        var forward = options.Forwards.FirstOrDefault(f => f.IsUdp && IPAddress.IsLoopback(f.Address));
        // The option came in when passt had begun to keep track of datagrams, too.
        return forward is null || options.ReachesLoopback || Help(program).Contains("--map-host-loopback", StringComparison.Ordinal)
            ? null : $"The port {forward} cannot be published: {NoAnswers}";
    }

    /// <summary>The arguments.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="socket">The descriptor of passt's end of the connection.</param>
    internal static IReadOnlyList<string> Arguments(UserNetworkOptions options, int socket)
    {
        // In the foreground passt keeps its process number, so that it is this program's child and can be waited for.
        List<string> arguments =
        [
            "--foreground", "--quiet", "--fd", Text(socket),
            "--address", UserNetworkAddresses.Guest4, "--netmask", UserNetworkAddresses.Mask4, "--gateway", UserNetworkAddresses.Gateway4,
            "--address", UserNetworkAddresses.Guest6, "--gateway", UserNetworkAddresses.Gateway6,
            "--mac-addr", UserNetworkAddresses.Gateway.ToString(), "--dns-forward", UserNetworkAddresses.Dns4,
        ];
        if (!options.ReachesLoopback)
            arguments.Add("--no-map-gw");
        if (options.Mtu is { } mtu)
            arguments.AddRange(["--mtu", Text(mtu)]);
        foreach (var server in options.Dns)
            arguments.AddRange(["--dns", server.ToString()]);
        arguments.AddRange(Forwards("--tcp-ports", options.Forwards.Where(f => !f.IsUdp)));
        arguments.AddRange(Forwards("--udp-ports", options.Forwards.Where(f => f.IsUdp)));
        return arguments;
    }

    /// <summary>What passt has written, without what it says about itself.</summary>
    internal static string Complaints(string errors) => string.Join("; ", errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.StartsWith("Failed to send", StringComparison.Ordinal) && !line.Contains("run as root", StringComparison.Ordinal)));

    /// <summary>What to do about a complaint; empty if nothing is known.</summary>
    internal static string Remedy(string complaints)
    {
        if (complaints.Contains("interface", StringComparison.OrdinalIgnoreCase))
            return NoRoute;
        if (complaints.Contains("namespace", StringComparison.OrdinalIgnoreCase) || complaints.Contains("sandbox", StringComparison.OrdinalIgnoreCase))
            return NoSandbox;
        return complaints.Contains("bind", StringComparison.OrdinalIgnoreCase) ? NoPort : "";
    }

    private static string Help(string program)
    {
        try
        {
            using var help = Process.Start(new ProcessStartInfo(program, ["--help"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = help.StandardError.ReadToEndAsync();
            var output = help.StandardOutput.ReadToEnd();
            if (!help.WaitForExit(LongestHelp))
                help.Kill();
            return output + errors.Result;
        }
        catch (Win32Exception error)
        {
            throw new IOException(Missing, error);
        }
    }

    // Without a word on UDP, passt forwards the UDP ports of the same numbers too.
    private static IEnumerable<string> Forwards(string option, IEnumerable<PortForward> forwards) =>
        forwards.Select(f => $"{Place(f.Address)}{Text(f.HostPort)}:{Text(f.GuestPort)}").DefaultIfEmpty("none").SelectMany(f => (string[])[option, f]);

    /// <summary>The any-address of IPv6 stands for both versions, which passt binds where no address is given.</summary>
    private static string Place(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.Equals(IPAddress.IPv6Any) ? "" : $"{address}/";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
