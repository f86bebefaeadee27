using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Linux;

/// <summary>A distribution's kernel on the translator, with the interpreter beside it looking at every instruction.</summary>
public sealed class LockstepTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(40);

    [LongFact]
    public void A_kernel_boots_to_its_shell_and_is_switched_off_without_a_difference()
    {
        using var linux = LinuxGuest.Cloud();
        using var guest = new TestGuest(linux.Machine(LinuxGuest.NoCryptoTests) with
        {
            Engine = new EngineConfig(EngineChoice.Translator) { Compares = true },
        });

        guest.Console.Expect("\"exit\" powers off.", s_patience);
        guest.Console.SendLine("exit");
        guest.Console.Expect("reboot: Power down", s_patience);

        Assert.IsType<RunOutcome.PoweredOff>(guest.WaitForEnd());
    }
}
