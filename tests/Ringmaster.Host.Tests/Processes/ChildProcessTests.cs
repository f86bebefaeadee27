using System.Text;
using Ringmaster.Host.Files;
using Ringmaster.Host.Network;
using Ringmaster.Host.Processes;

namespace Ringmaster.Host.Tests.Processes;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_child_has_the_shared_descriptor_and_nothing_else()
    {
        var (ours, theirs) = LocalSocket.CreateStreamPair();
        using (ours)
        {
            using var child = ChildProcess.Start("sh", ["-c", "ls /proc/self/fd | tr '\\n' ' ' >&3; echo complaint >&2; exit 7"], theirs)!;
            theirs.Dispose();

            Assert.True(child.WaitForExit(s_longest));

            Assert.Equal("exit code 7", child.Ending);
            var buffer = new byte[256];
            Assert.Equal(Transfer.Done, ours.TryReceive(buffer, out var count));
            // 4 is the directory that ls itself reads.
            Assert.Equal("0 1 2 3 4", Encoding.ASCII.GetString(buffer, 0, count).Trim());
            Assert.Equal(Transfer.Broken, ours.TryReceive(buffer, out _));
            Assert.Equal(Transfer.Done, child.Errors.TryRead(buffer, out count));
            Assert.Equal("complaint\n", Encoding.ASCII.GetString(buffer, 0, count));
        }
    }

    [Fact]
    public void A_child_that_does_not_listen_is_ended_all_the_same()
    {
        var (ours, theirs) = LocalSocket.CreateStreamPair();
        using (ours)
        using (theirs)
        {
            var child = ChildProcess.Start("sh", ["-c", "trap '' TERM; while :; do sleep 0.1; done"], theirs)!;
            Assert.Null(child.Ending);

            child.Dispose();

            Assert.StartsWith("signal", child.Ending, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void There_is_no_child_of_a_program_that_does_not_exist()
    {
        var (ours, theirs) = LocalSocket.CreateStreamPair();
        using (ours)
        using (theirs)
            Assert.Null(ChildProcess.Start("no-such-program", [], theirs));
    }

    [Fact]
    public void What_this_program_ignores_the_child_does_not()
    {
        var (ours, theirs) = LocalSocket.CreateStreamPair();
        using (ours)
        using (theirs)
        {
            using var child = ChildProcess.Start("sh", ["-c", "kill -PIPE $$; exit 0"], theirs)!;

            Assert.True(child.WaitForExit(s_longest));

            Assert.Equal("signal 13", child.Ending);
        }
    }
}
