using System.ComponentModel;
using System.Diagnostics;
using Ringmaster.Host;
using Ringmaster.Host.Network;

namespace Ringmaster.Backends.Network;

/// <summary>Opens a TAP interface and says in words what stands in the way.</summary>
internal static class TapSetup
{
    private const int NotPermitted = 1, NoSuchFile = 2, NoSuchDevice = 19, AccessDenied = 13, DeviceBusy = 16, NoSuchAddress = 6;
    private static readonly TimeSpan LongestScript = TimeSpan.FromSeconds(30);

    /// <exception cref="IOException">It cannot be opened; the message says why and what to do.</exception>
    internal static TapDevice Open(TapOptions options)
    {
        var device = Try(TapDevice.Open, error => error.Errno switch
        {
            NoSuchFile or NoSuchDevice or NoSuchAddress =>
                "Load the module (modprobe tun); give a container the device (--device /dev/net/tun); or choose --net user.",
            AccessDenied or NotPermitted =>
                $"Let this user open {TapDevice.ControlPath}, or choose --net user, which needs no permission.",
            _ => "Choose --net user.",
        });
        try
        {
            SetUp(device, options);
            return device;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    private static void SetUp(TapDevice device, TapOptions options)
    {
        var name = options.Name;
        Try(() => device.Attach(name), error => error.Errno switch
        {
            NotPermitted => $"Let root make the interface for this user: ip tuntap add dev {name} mode tap user $USER; ip link set {name} up.",
            DeviceBusy => "Another program uses it, perhaps another VM. Choose another interface.",
            _ => "Choose a TAP interface without multiple queues, or the name of none that exists.",
        });
        if (options.Mtu is { } mtu)
            Try(() => device.SetMtu(mtu), _ => $"Let root set it: ip link set {name} mtu {mtu}.");
        if (options.Bridge is { } bridge)
        {
            Try(() => device.JoinBridge(bridge), error => error.Errno is NotPermitted
                ? $"Let root do it: ip link set {name} master {bridge}."
                : $"Make the bridge first (ip link add {bridge} type bridge; ip link set {bridge} up), and check that {name} is in no other.");
        }
        if (options.Script is { } script)
            Run(script, name);
        Try(device.BringUp, _ => $"Let root do it: ip link set {name} up.");
    }

    private static void Run(string script, string name)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(script, [name]) { UseShellExecute = false })!;
            if (!process.WaitForExit(LongestScript))
            {
                process.Kill(entireProcessTree: true);
                throw new IOException($"{script} {name} did not come back within {LongestScript.TotalSeconds:0} seconds. Let it end by itself.");
            }
            if (process.ExitCode != 0)
                throw new IOException($"{script} {name} ended with exit code {process.ExitCode}. Correct it, or leave script= out.");
        }
        catch (Win32Exception error)
        {
            throw new IOException($"{script} cannot be run: {error.Message}. Name an executable file.", error);
        }
    }

    private static T Try<T>(Func<T> step, Func<LinuxException, string> remedy)
    {
        try
        {
            return step();
        }
        catch (LinuxException error)
        {
            throw new IOException($"{error.Message}. {remedy(error)}", error);
        }
    }

    private static void Try(Action step, Func<LinuxException, string> remedy) => Try(() =>
    {
        step();
        return true;
    }, remedy);
}
