using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Guests.Tests.Linux;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Pc;

/// <summary>A Linux guest at its shell, with drivers loaded.</summary>
internal sealed class DeviceGuest : IDisposable
{
    private const string Prompt = "\"exit\" powers off.";

    private readonly LinuxGuest _linux;
    private readonly TestGuest _guest;

    /// <summary>Boots it.</summary>
    /// <param name="linux">The kernel; belongs to the guest from now on.</param>
    /// <param name="modules">What to load, in this order.</param>
    /// <param name="config">The machine, from a plain one.</param>
    /// <param name="host">What it is connected to.</param>
    public DeviceGuest(LinuxGuest linux, IEnumerable<string> modules, Func<MachineConfig, MachineConfig> config, MachineHost host)
    {
        _linux = linux;
        _guest = new TestGuest(config(linux.Machine($"{KernelLog.Parameters} {LinuxGuest.NoCryptoTests}")), host);
        _guest.Console.Expect(Prompt, TestGuest.Patience);
        Ask("dmesg -n 1");
        Ask(Modules.Load(modules));
    }

    /// <summary>The machine.</summary>
    public IRunnableMachine Machine => _guest.Machine;

    /// <summary>Types a command and waits for all that it prints.</summary>
    public string Ask(string command) => ShellSession.Ask(_guest.Console, command);

    /// <summary>Waits until a command of the guest's succeeds.</summary>
    public void Await(string condition) =>
        Assert.Contains("fine", Ask($"i=0; until {condition} || [ $i = 300 ]; do sleep 0.2; i=$((i+1)); done; {condition} && echo fine || dmesg | tail -n 20"), StringComparison.Ordinal);

    /// <summary>Empties the kernel's log, so that <see cref="Complaints"/> are about what comes from here on.</summary>
    public void ForgetBoot() => Ask("dmesg -c > /dev/null");

    /// <summary>What the kernel tells of errors.</summary>
    public IEnumerable<string> Complaints() => KernelLog.Complaints(KernelLog.Parse(Ask(KernelLog.Command)));

    /// <summary>Has it switch itself off.</summary>
    public void PowerOff()
    {
        _guest.Console.SendLine("exit");
        Assert.IsType<RunOutcome.PoweredOff>(_guest.WaitForEnd());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _guest.Dispose();
        _linux.Dispose();
    }
}
