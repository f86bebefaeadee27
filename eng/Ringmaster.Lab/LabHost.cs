using System.Diagnostics;
using System.Text;

namespace Ringmaster.Lab;

/// <summary>
/// A host with AMD-V on a machine that need not have hardware assist: Debian's kernel with KVM in an emulated processor. It sees
/// this machine's files (what it writes to them is lost with it), so all programs of this machine run there, too.
/// </summary>
public sealed class LabHost : IDisposable
{
    /// <summary>A directory that both machines write, as the lab host names it.</summary>
    public const string GuestFiles = "/run/lab/files";

    private readonly LabOptions _options;
    private readonly LabDirectory _place = new();
    private readonly List<FileServer> _shares = [];
    private readonly CommandChannel _commands = new();
    private GuardedProcess? _emulator;

    private LabHost(LabOptions options) => _options = options;

    /// <summary>The same directory as this machine names it.</summary>
    public string Files => _place.Files;

    /// <summary>Whether it still runs commands. One that broke or took too long leaves nothing to go on with.</summary>
    public bool IsAlive { get; private set; }

    /// <summary>How long it took to boot.</summary>
    public TimeSpan BootTime { get; private set; }

    /// <summary>Boots a lab host.</summary>
    /// <param name="options">What it consists of.</param>
    /// <exception cref="LabException">It did not boot.</exception>
    public static LabHost Boot(LabOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var host = new LabHost(options);
        try
        {
            host.Boot();
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Runs a command.</summary>
    /// <param name="command">A script for bash, which starts in <see cref="LabOptions.Directory"/>.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="received">Told what it writes, as it comes.</param>
    /// <exception cref="LabException">It took longer, or the lab host broke.</exception>
    public LabResult Run(string command, TimeSpan patience, Action<string>? received = null)
    {
        if (!IsAlive)
            throw new LabException("The lab host has ended; boot another.");
        IsAlive = false;
        var output = new StringBuilder();
        var start = Stopwatch.GetTimestamp();
        _commands.Send($"{Environment()}{command}\n");
        var code = _commands.Receive(
            text =>
            {
                output.Append(text);
                received?.Invoke(text);
            },
            () => GiveUpAfter(patience, start, $"\"{command}\" did not end", output));
        IsAlive = true;
        return new(code, output.ToString(), Stopwatch.GetElapsedTime(start));
    }

    /// <summary>The end of its kernel's log.</summary>
    public string KernelLogTail() => _place.LogTail();

    /// <inheritdoc/>
    public void Dispose()
    {
        IsAlive = false;
        _commands.Dispose();
        _emulator?.Dispose();
        foreach (var share in _shares)
            share.Dispose();
        _place.Dispose();
    }

    private void Boot()
    {
        var start = Stopwatch.GetTimestamp();
        _shares.Add(FileServer.Start("machine", "/", _place.ShareSocket("machine"), changes: false));
        _shares.Add(FileServer.Start("files", _place.Files, _place.ShareSocket("files"), changes: true));
        _emulator = Emulator.Start(_options, LabImage.Compose(), _shares, _place);
        void MustGiveUp() => GiveUpAfter(_options.BootPatience, start, "The lab host did not boot", new());
        _commands.Connect(_place.CommandSocket, MustGiveUp);
        _ = _commands.Receive(_ => { }, MustGiveUp);
        BootTime = Stopwatch.GetElapsedTime(start);
        IsAlive = true;
    }

    /// <summary>What commands find: the clone as the working directory, its published program in the path.</summary>
    private string Environment()
    {
        var dotnet = System.Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? root : "/usr/share/dotnet";
        return $"""
            cd '{_options.Directory}'
            export PATH="{_options.Directory}/artifacts/ringmaster/current:{dotnet}:$PATH" DOTNET_ROOT='{dotnet}' HOME='{Home()}' LAB_FILES={GuestFiles}
            export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

            """;
    }

    private static string Home() => System.Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? home : "/root";

    private void GiveUpAfter(TimeSpan patience, long start, string what, StringBuilder output)
    {
        var why = _emulator is { HasExited: true } gone ? $"because the emulator ended. It said: {gone.Said}"
            : Stopwatch.GetElapsedTime(start) > patience ? $"within {patience.TotalSeconds:0} s."
            : null;
        if (why is not null)
            throw new LabException($"{what} {why}\n{output}\nThe end of the lab host's kernel log:\n{KernelLogTail()}");
    }
}
