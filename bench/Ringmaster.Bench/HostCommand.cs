using System.ComponentModel;
using System.Diagnostics;

namespace Ringmaster.Bench;

/// <summary>Runs a program of the host to its end.</summary>
internal static class HostCommand
{
    /// <summary>Runs it with an empty standard input.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="cancellation">Kills the program.</param>
    /// <returns>Its exit code and what it wrote.</returns>
    /// <exception cref="BenchmarkException">There is no such program.</exception>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return (process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
    }

    /// <summary>Starts a program whose standard streams are ours.</summary>
    public static Process Start(string program, IEnumerable<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception error)
        {
            throw new BenchmarkException($"{program} cannot be started ({error.Message}). Check that it is an executable program.");
        }
    }
}
