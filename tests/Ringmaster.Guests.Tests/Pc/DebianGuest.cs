using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Backends.Disks;
using Ringmaster.Backends.Guests.Debian;
using Ringmaster.Backends.Network;
using Ringmaster.Devices.Network;
using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Guests.Tests.Linux;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Pc;

/// <summary>A Debian system with its disk, a network by passt, and somebody who is logged in over SSH. For a thread in a network namespace.</summary>
internal sealed class DebianGuest : IDisposable
{
    private const int SshPort = 2222;
    private static readonly MacAddress s_address = new(0x5252_0000_020F);

    private readonly DebianDisk _debian;
    private readonly DiskBackend _disk;
    private readonly UserNetworkBackend _network;
    private readonly TestGuest _guest;

    /// <summary>Boots it and waits for its login prompt.</summary>
    /// <param name="debian">The system.</param>
    /// <param name="disk">The disk that it shall write to.</param>
    /// <param name="change">The machine, from one with the disk, the network and 1 GiB that is yet to be told how to boot.</param>
    public DebianGuest(DebianDisk debian, DiskConfig disk, Func<MachineConfig, MachineConfig> change)
    {
        _debian = debian;
        _disk = new DiskBackend(disk.ToOptions(), NullLoggerFactory.Instance);
        _network = new UserNetworkBackend(new UserNetworkOptions(s_address) { Forwards = [new PortForward(IPAddress.Loopback, SshPort, 22)] });
        var machine = new MachineConfig
        {
            Engine = new EngineConfig(EngineChoice.Translator),
            Memory = new ByteSize(1L << 30),
            Disks = [disk],
            Networks = [new NetConfig(NetKind.User) { Mac = s_address }],
        };
        _guest = new TestGuest(change(machine), new MachineHost(NullLoggerFactory.Instance) { Disks = [_disk], Networks = [_network] });
        _guest.Console.Expect(" login: ", TestGuest.Patience);
    }

    /// <summary>The machine with the disk's kernel, started without firmware.</summary>
    public static MachineConfig ByKernel(MachineConfig machine, DebianDisk debian) =>
        machine with { Kernel = debian.Kernel, Initrds = [debian.Initrd], CommandLine = DebianDisk.CommandLine };

    /// <summary>Runs a command over SSH, which has to succeed.</summary>
    /// <param name="command">For the guest's shell.</param>
    /// <param name="input">Its standard input; null for none.</param>
    /// <returns>What it printed.</returns>
    public string Ask(string command, Stream? input = null)
    {
        var (exit, output) = Ssh(command, input);
        Assert.True(exit == 0, $"{command}: exit code {exit}\n{output}");
        return output;
    }

    /// <summary>What the kernel tells of errors.</summary>
    public IEnumerable<string> Complaints()
    {
        var messages = KernelLog.Parse(Ask(KernelLog.Command));
        Assert.True(messages.Count > 200);
        return KernelLog.Complaints(messages);
    }

    /// <summary>Has it switch itself off.</summary>
    public void PowerOff()
    {
        // The connection ends before the command.
        Ssh("systemctl poweroff", null);
        Assert.IsType<RunOutcome.PoweredOff>(_guest.WaitForEnd());
    }

    public void Dispose()
    {
        _guest.Dispose();
        _network.Dispose();
        _disk.Dispose();
    }

    private (int Exit, string Output) Ssh(string command, Stream? input)
    {
        string[] arguments =
        [
            "-i", _debian.Key, "-p", $"{SshPort}", "-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-o", "BatchMode=yes", "-o", "LogLevel=ERROR", "-o", "ConnectionAttempts=10", "root@127.0.0.1", command,
        ];
        using var ssh = Process.Start(new ProcessStartInfo("ssh", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = ssh.StandardError.ReadToEndAsync();
        var output = ssh.StandardOutput.ReadToEndAsync();
        input?.CopyTo(ssh.StandardInput.BaseStream);
        ssh.StandardInput.Close();
        if (!ssh.WaitForExit(TestGuest.Patience))
        {
            ssh.Kill();
            throw _guest.Console.Failure($"\"{command}\" does not end");
        }
        return (ssh.ExitCode, output.Result + errors.Result);
    }
}
