using Ringmaster.Host.Files;
using Ringmaster.Machine;

namespace Ringmaster.Cli.Tests;

/// <summary>Runs command lines against a fake machine, with a directory of its own.</summary>
public sealed class CliFixture : IDisposable
{
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _null = File.OpenHandle("/dev/null", access: FileAccess.ReadWrite);

    internal string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("cli").FullName;

    internal FakeMachine? Machine { get; private set; }

    internal Func<FakeMachine, CancellationToken, RunOutcome> Behaviour { get; set; } = (_, _) => new RunOutcome.PoweredOff();

    /// <summary>An ELF header, which passes for a kernel until a loader looks closer.</summary>
    internal string Kernel => Write("kernel", [0x7F, .. "ELF"u8, .. new byte[100]]);

    internal string Write(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(Directory, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    internal (int Code, string Out, string Error) Run(params string[] arguments)
    {
        using var nothing = new FileDescriptor((int)_null.DangerousGetHandle(), owned: false);
        return RunOn(nothing, nothing, arguments);
    }

    internal (int Code, string Out, string Error) RunOn(FileDescriptor input, FileDescriptor output, params string[] arguments)
    {
        using var result = new StringWriter();
        using var error = new StringWriter();
        var environment = new CliEnvironment(result, TextWriter.Synchronized(error), input, output,
            (config, host) => Machine = new FakeMachine(config, host, Behaviour));
        var code = new Application(environment).Run(arguments);
        return (code, result.ToString(), error.ToString());
    }

    public void Dispose()
    {
        _null.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
