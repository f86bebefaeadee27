using Ringmaster.Machine;

namespace Ringmaster.Guests.Tests.Linux;

/// <summary>What holds for every Linux guest.</summary>
/// <param name="session">Its session.</param>
/// <param name="machine">What "uname -m" is to say.</param>
public abstract class LinuxTests(LinuxSession session, string machine)
{
    public static TheoryData<string> CaseNames => [.. ShellCases.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Shell(string name) => session.Shell.Verify(ShellCases.All.Single(c => c.Name == name));

    [Fact]
    public void The_kernel_is_the_packages_own()
    {
        Assert.Equal(machine, session.Shell.Machine ?? throw session.Shell.Missing("uname -m"));
        Assert.Equal(session.Shell.Release, session.Shell.ReportedRelease);
    }

    [Fact]
    public void Leaving_the_shell_switches_the_machine_off() =>
        Assert.IsType<RunOutcome.PoweredOff>(session.Shell.Outcome ?? throw session.Shell.Missing("power off"));

    [Fact]
    public void The_kernel_warns_of_nothing_that_QEMU_does_not_show()
    {
        var ours = session.Shell.KernelMessages ?? throw session.Shell.Missing(KernelLog.Command);
        var theirs = QemuGuest.KernelMessages(session.Linux).Select(m => KernelLog.Normalised(m.Text)).ToHashSet();

        var unexplained = ours
            .Where(m => m.IsComplaint && !theirs.Contains(KernelLog.Normalised(m.Text)) && !AcceptedComplaints.Has(m.Text))
            .Select(m => $"<{m.Level}>{m.Text}");

        Assert.True(ours.Count > 200, "The log is too short to be whole.");
        Assert.Empty(unexplained);
    }

    [Fact]
    public void The_kernel_finds_no_fault_in_the_machine()
    {
        var ours = session.Shell.KernelMessages ?? throw session.Shell.Missing(KernelLog.Command);

        Assert.Empty(KernelLog.Faults(ours));
    }
}
