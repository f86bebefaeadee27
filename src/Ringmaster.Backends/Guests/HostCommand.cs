using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Ringmaster.Backends.Guests;

/// <summary>Runs one of the host's own programs.</summary>
internal static class HostCommand
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    /// <summary>Prepares a program with standard output and error captured, messages in English.</summary>
    /// <exception cref="GuestFilesException">The host has no such program.</exception>
    internal static Process Start(string program, IEnumerable<string> arguments, string? directory = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["LC_ALL"] = "C";
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception error)
        {
            throw new GuestFilesException(
                $"This host has no {program}, which fetches the default guest. Name your own with --kernel FILE and --initrd FILE.", error);
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Looked up in PATH.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="directory">The working directory.</param>
    /// <param name="tick">Called several times a second meanwhile.</param>
    /// <param name="cancellation">Kills the program.</param>
    internal static (int ExitCode, string Output, string Error) Run(string program, IEnumerable<string> arguments, string? directory,
        Action? tick, CancellationToken cancellation)
    {
        using var process = Start(program, arguments, directory);
        var output = new StringBuilder();
        var error = new StringBuilder();
        process.OutputDataReceived += (_, line) => output.AppendLine(line.Data);
        process.ErrorDataReceived += (_, line) => error.AppendLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!process.WaitForExit(Tick))
        {
            tick?.Invoke();
            if (!cancellation.IsCancellationRequested)
                continue;
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            cancellation.ThrowIfCancellationRequested();
        }
        // The overload without a time also waits for the captured output's end.
        process.WaitForExit();
        // Ctrl-C reaches the program too; what it then says is no result.
        cancellation.ThrowIfCancellationRequested();
        return (process.ExitCode, output.ToString(), error.ToString());
    }
}
