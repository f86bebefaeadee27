using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Cpu.Exits;
using Ringmaster.Machine.Configuration;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Tests.Running;

/// <summary>A whole machine with a scripted vCPU, 2 MiB of RAM and the bytes EB FE at 0x1000 for a kernel.</summary>
internal sealed class ScriptedMachine : IDisposable
{
    public const ulong LoadAddress = 0x1000;

    private static readonly TimeSpan s_longestRun = TimeSpan.FromSeconds(20);
    private readonly string _directory = Directory.CreateTempSubdirectory("machine").FullName;
    private readonly StringWriter _trace = new();

    public ScriptedMachine(Func<ScriptedVcpu, IEnumerable<VmExit>> script, params DeviceConfig[] devices)
    {
        var kernel = Path.Combine(_directory, "kernel");
        File.WriteAllBytes(kernel, [0xEB, 0xFE]);
        Engine = new ScriptedEngine(script);
        var config = new MachineConfig
        {
            Kernel = kernel,
            Entry = EntryMode.Real,
            LoadAddress = new GuestPhysicalAddress(LoadAddress),
            Memory = ByteSize.FromMebibytes(2),
            Devices = devices,
        };
        var host = new MachineHost(NullLoggerFactory.Instance)
        {
            Serials = [Serial],
            Trace = new TraceSink(TextWriter.Synchronized(_trace), TraceCategories.Exits | TraceCategories.Interrupts),
        };
        Machine = new VirtualMachine(config, host, Engine);
    }

    public VirtualMachine Machine { get; }

    public ScriptedEngine Engine { get; }

    public ScriptedVcpu Vcpu => Engine.Vcpu;

    public FakeSerial Serial { get; } = new();

    public string Trace => _trace.ToString();

    /// <summary>Runs until the guest ends it; a run that hangs is stopped after a while, and has another outcome then.</summary>
    public RunOutcome Run()
    {
        using var patience = new CancellationTokenSource(s_longestRun);
        return Machine.Run(patience.Token);
    }

    /// <summary>Runs on another thread.</summary>
    public Task<RunOutcome> Start(CancellationToken stop) => Task.Factory.StartNew(
        () => Machine.Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose()
    {
        Machine.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
