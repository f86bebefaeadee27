using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Linux;

/// <summary>The kernels whose sessions the translator runs, on the interpreter: each boots, answers all commands and is switched off.</summary>
public sealed class InterpretedLinuxTests
{
    [LongTheory]
    [InlineData("cloud", "x86_64")]
    [InlineData("generic", "x86_64")]
    [InlineData("i386", "i686")]
    public void A_session_is_the_same(string kernel, string machine)
    {
        using var linux = kernel switch { "cloud" => LinuxGuest.Cloud(), "generic" => LinuxGuest.Generic(), _ => LinuxGuest.I386() };

        var session = new ShellSession(linux, LinuxGuest.NoCryptoTests, EngineChoice.Interpreter);

        Assert.IsType<RunOutcome.PoweredOff>(session.Outcome ?? throw session.Missing("power off"));
        Assert.Equal(machine, session.Machine);
        foreach (var one in ShellCases.All)
            session.Verify(one);
    }
}
