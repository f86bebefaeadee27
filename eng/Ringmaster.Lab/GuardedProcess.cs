using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Ringmaster.Lab;

/// <summary>
/// A program that ends with this one, however this one ends: a shell beside it waits for the end of its standard input, which
/// comes when nobody has the other end any more.
/// </summary>
internal sealed class GuardedProcess : IDisposable
{
    private const string Guard = """
        exec 3<&0
        "$@" 3<&- </dev/null & program=$!
        { cat <&3 >/dev/null; kill -KILL $program 2>/dev/null; } &
        wait $program
        """;

    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private GuardedProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Whether it has ended by itself.</summary>
    internal bool HasExited => _process.HasExited;

    /// <summary>What it has said on standard output and standard error.</summary>
    internal string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <summary>Starts a program.</summary>
    /// <exception cref="LabException">It could not be started.</exception>
    internal static GuardedProcess Start(string program, params IEnumerable<string> arguments)
    {
        try
        {
            return new(Process.Start(new ProcessStartInfo("bash", ["-c", Guard, "guard", program, .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!);
        }
        catch (Win32Exception error)
        {
            throw new LabException($"{program} cannot be started: {error.Message}", error);
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_said)
            _said.AppendLine(line.Data);
    }
}
