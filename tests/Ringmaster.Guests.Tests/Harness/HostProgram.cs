using System.Diagnostics;

namespace Ringmaster.Guests.Tests.Harness;

/// <summary>Programs of the host that make what a guest starts from, or examine what it has left.</summary>
internal static class HostProgram
{
    /// <summary>Runs one, which has to succeed.</summary>
    /// <returns>Its standard output.</returns>
    public static string Run(string program, params string[] arguments) => RunWithInput("", program, arguments);

    /// <summary>Runs one, which has to succeed.</summary>
    /// <param name="input">Its standard input.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Its standard output.</returns>
    public static string RunWithInput(string input, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}{errors.Result}");
        return output;
    }
}
