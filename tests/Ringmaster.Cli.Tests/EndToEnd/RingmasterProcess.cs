using System.Diagnostics;
using System.Text;

namespace Ringmaster.Cli.Tests.EndToEnd;

/// <summary>The real program as a child process, as the launcher builds it. Its output is collected while it runs.</summary>
internal sealed class RingmasterProcess : IDisposable
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string s_launcher = FindLauncher();

    private readonly Process _process;
    private readonly StringBuilder _out = new(), _error = new();
    private readonly Task _readers;

    private RingmasterProcess(Process process)
    {
        _process = process;
        _readers = Task.WhenAll(Collect(process.StandardOutput, _out), Collect(process.StandardError, _error));
    }

    /// <summary>What came on standard output so far.</summary>
    internal string Out => Text(_out);

    /// <summary>What came on standard error so far.</summary>
    internal string Error => Text(_error);

    /// <summary>Starts the program with an empty, closed standard input.</summary>
    internal static RingmasterProcess Start(params string[] arguments)
    {
        var started = StartWithInput(arguments);
        started._process.StandardInput.Close();
        return started;
    }

    /// <summary>Starts the program with a pipe for standard input.</summary>
    internal static RingmasterProcess StartWithInput(params string[] arguments) => StartProcess(s_launcher, arguments);

    /// <summary>Starts the program with a terminal for standard input and output.</summary>
    internal static RingmasterProcess StartOn(string terminal, params string[] arguments) =>
        StartProcess("sh", ["-c", "tty=$1; shift; exec \"$@\" <\"$tty\" >\"$tty\"", "sh", terminal, s_launcher, .. arguments]);

    /// <summary>Runs the program to its end.</summary>
    internal static (int Code, string Out, string Error) Run(params string[] arguments)
    {
        using var program = Start(arguments);
        var code = program.WaitForExit();
        return (code, program.Out, program.Error);
    }

    /// <summary>Writes to standard input.</summary>
    internal void Type(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    internal void CloseInput() => _process.StandardInput.Close();

    /// <summary>Sends a signal by its name.</summary>
    internal void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for text on one of the outputs.</summary>
    internal void Await(string text, Func<RingmasterProcess, string> where)
    {
        if (!SpinWait.SpinUntil(() => where(this).Contains(text, StringComparison.Ordinal) || _process.HasExited, Patience)
            || !where(this).Contains(text, StringComparison.Ordinal))
            Assert.Fail($"\"{text}\" did not come. Output: {Out} Messages: {Error}");
    }

    /// <summary>Waits for the end and all output.</summary>
    internal int WaitForExit()
    {
        if (!_process.WaitForExit(Patience))
        {
            _process.Kill();
            Assert.Fail($"The program did not end. Output: {Out} Messages: {Error}");
        }
        Assert.True(_readers.Wait(Patience));
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    /// <summary>Finds the launcher, and lets it build what it needs to, which takes longer than any test's patience.</summary>
    private static string FindLauncher()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Ringmaster.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie in a clone.");
        var launcher = Path.Combine(folder.FullName, "ringmaster");
        using var build = StartProcess(launcher, ["--version"]);
        build._process.WaitForExit();
        return build._process.ExitCode == 0 ? launcher : throw new InvalidOperationException($"The program cannot be built: {build.Error}");
    }

    private static RingmasterProcess StartProcess(string file, string[] arguments) => new(Process.Start(
        new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);

    private static async Task Collect(StreamReader reader, StringBuilder text)
    {
        var buffer = new char[1024];
        for (int count; (count = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
        {
            lock (text)
                text.Append(buffer, 0, count);
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
