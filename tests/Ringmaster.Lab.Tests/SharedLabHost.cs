using System.Globalization;
using System.Text.RegularExpressions;

namespace Ringmaster.Lab.Tests;

/// <summary>
/// The lab host of all tests: booted when the first needs it, and anew when one has broken it. What it does is written to the file
/// that RINGMASTER_LAB_PROGRESS names, as it happens.
/// </summary>
public sealed partial class SharedLabHost : IDisposable
{
    private readonly StreamWriter? _progress =
        Environment.GetEnvironmentVariable("RINGMASTER_LAB_PROGRESS") is { Length: > 0 } file ? new StreamWriter(file) { AutoFlush = true } : null;

    private LabHost? _host;

    /// <summary>Runs a command, which has to end with an exit code.</summary>
    /// <param name="command">A script for bash; the clone's program is in the path.</param>
    /// <param name="patience">How long it may take; a minute, if it is not said.</param>
    /// <param name="exitCode">What it has to end with.</param>
    /// <returns>What it wrote.</returns>
    public string Run(string command, TimeSpan? patience = null, int exitCode = 0)
    {
        var host = Alive();
        Tell($"> {command}\n");
        var result = host.Run(command, patience ?? TimeSpan.FromMinutes(1), text => _progress?.Write(text));
        Tell(string.Create(CultureInfo.InvariantCulture, $"< exit code {result.ExitCode} after {result.Time.TotalSeconds:0.0} s\n"));
        Assert.True(result.ExitCode == exitCode,
            $"\"{command}\" ended with {result.ExitCode}, not {exitCode}:\n{result.Output}\nThe end of the lab host's kernel log:\n{host.KernelLogTail()}");
        return result.Output;
    }

    /// <summary>Runs built tests, of which there must be some, and all of which must pass.</summary>
    /// <param name="project">Their project's name.</param>
    /// <param name="filter">As "dotnet test --filter" takes it.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="variables">Variables for them, as a shell's command begins with.</param>
    /// <returns>How many there were.</returns>
    public int RunTests(string project, string filter, TimeSpan patience, string variables = "")
    {
        var output = Run($"{variables} dotnet vstest {Clone.TestAssembly(project)} '--TestCaseFilter:{filter}'", patience);

        var end = PassedTests().Match(output);
        Assert.True(end.Success, output);
        return int.Parse(end.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _host?.Dispose();
        _progress?.Dispose();
    }

    private LabHost Alive()
    {
        if (_host is { IsAlive: true })
            return _host;
        _host?.Dispose();
        Tell("booting a lab host\n");
        _host = LabHost.Boot(new LabOptions { Directory = Clone.Root });
        Tell(string.Create(CultureInfo.InvariantCulture, $"booted in {_host.BootTime.TotalSeconds:0.0} s\n"));
        return _host;
    }

    private void Tell(string text) => _progress?.Write("lab: " + text);

    [GeneratedRegex(@"Passed! +- Failed: +0, Passed: +([1-9]\d*)")]
    private static partial Regex PassedTests();
}
