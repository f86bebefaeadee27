using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Guests.Tests.Linux;

/// <summary>
/// A whole life of a Linux guest: it boots to a shell, is given commands, tells its kernel's log, and is switched off. Done once
/// for all tests that look at one kernel.
/// </summary>
internal sealed class ShellSession
{
    private const string Prompt = "\"exit\" powers off.";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    private readonly Dictionary<string, string> _outputs = [];
    private readonly Exception? _failure;
    private readonly string _log;

    /// <summary>Lives it.</summary>
    /// <param name="linux">The guest.</param>
    /// <param name="parameters">Kernel parameters of its own.</param>
    /// <param name="engine">The engine that it lives on.</param>
    public ShellSession(LinuxGuest linux, string parameters, EngineChoice engine = EngineChoice.Translator)
    {
        Release = linux.Release;
        using var guest = new TestGuest(linux.Machine($"{KernelLog.Parameters} {parameters}", engine));
        try
        {
            guest.Console.Expect(Prompt, TestGuest.Patience);
            // What the kernel says later would get into the answers.
            Ask(guest.Console, "dmesg -n 1");
            foreach (var one in ShellCases.All)
                _outputs[one.Name] = Ask(guest.Console, one.Command);
            Machine = Ask(guest.Console, "uname -m");
            ReportedRelease = Ask(guest.Console, "uname -r");
            KernelMessages = KernelLog.Parse(Ask(guest.Console, KernelLog.Command));
            guest.Console.SendLine("exit");
            Outcome = guest.WaitForEnd();
        }
        catch (InvalidOperationException failure)
        {
            // Told by every test whose answer is missing.
            _failure = failure;
        }
        _log = guest.Console.Tail();
    }

    /// <summary>The release of the package.</summary>
    public string Release { get; }

    /// <summary>What "uname -r" said.</summary>
    public string? ReportedRelease { get; }

    /// <summary>What "uname -m" said.</summary>
    public string? Machine { get; }

    /// <summary>The kernel's log.</summary>
    public IReadOnlyList<KernelMessage>? KernelMessages { get; }

    /// <summary>How it ended.</summary>
    public RunOutcome? Outcome { get; }

    /// <summary>Checks one command's answer.</summary>
    public void Verify(ShellCase asked)
    {
        if (!_outputs.TryGetValue(asked.Name, out var output))
            throw Missing(asked.Name);
        Assert.True(asked.Accepts(output), $"$ {asked.Command}\nanswered:\n{output}\nbut should have:\n{asked.Answer}");
    }

    /// <summary>A failure for something that never came.</summary>
    public Exception Missing(string what) =>
        new InvalidOperationException($"The guest did not get as far as this: {what}. {_failure?.Message ?? _log}", _failure);

    /// <summary>Types a command and waits for all that it prints.</summary>
    public static string Ask(TestConsole console, string command)
    {
        // The marks are written in two pieces so that the echo of the line does not hold them.
        console.SendLine($"echo beg\"\"in-answer; {command}; echo end-\"\"answer");
        console.Expect("begin-answer\n", s_patience);
        return console.Expect("end-answer\n", s_patience).TrimEnd('\n');
    }
}
