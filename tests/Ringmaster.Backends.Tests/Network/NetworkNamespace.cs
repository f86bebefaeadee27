using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Ringmaster.Backends.Tests.Network;

/// <summary>Runs test code on a thread with a network of its own, which nothing leaves and which ends with the code.</summary>
internal static partial class NetworkNamespace
{
    private const int NewNetwork = 0x4000_0000;

    /// <summary>Why there can be no such network here; null if there can.</summary>
    internal static string? Obstacle { get; } = FindObstacle();

    /// <summary>Runs code. Sockets, threads and programs that it starts are in the namespace, too.</summary>
    internal static void Run(Action code)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Assert.Equal(0, Unshare(NewNetwork));
                Ip("link set lo up");
                code();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>As <see cref="Run"/>, in a host that has an interface with a default route to nowhere.</summary>
    internal static void RunConnected(Action code) => Run(() =>
    {
        Ip("link add up0 type veth peer name nowhere0");
        Ip("link set nowhere0 up");
        Ip("addr add 192.0.2.1/24 dev up0");
        Ip("link set up0 up");
        Ip("route add default via 192.0.2.254");
        Ip("-6 addr add 2001:db8::1/64 dev up0 nodad");
        Ip("-6 route add default via 2001:db8::ff");
        code();
    });

    /// <summary>Runs the ip program of iproute2.</summary>
    internal static string Ip(string arguments) => Command("ip", arguments);

    internal static string Command(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {arguments}: {errors}");
        return output;
    }

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux())
            return "network namespaces are Linux'";
        string? obstacle = null;
        var thread = new Thread(() =>
        {
            if (Unshare(NewNetwork) != 0)
                obstacle = $"no network namespace can be made: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}";
        });
        thread.Start();
        thread.Join();
        return obstacle;
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);
}
