using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Models;
using Ringmaster.Devices.Storage;
using Ringmaster.Machine.Configuration;
using Ringmaster.Memory;

namespace Ringmaster.Machine.Tests.Running;

/// <summary>A whole machine with scripted vCPUs, 2 MiB of RAM and the bytes EB FE at 0x1000 for a kernel.</summary>
internal sealed class ScriptedMachine : IDisposable
{
    public const ulong LoadAddress = 0x1000;

    private static readonly TimeSpan s_longestRun = TimeSpan.FromSeconds(20);
    private readonly string _directory = Directory.CreateTempSubdirectory("machine").FullName;
    private readonly StringWriter _trace = new();

    public ScriptedMachine(Func<ScriptedVcpu, IEnumerable<VmExit>> script, params DeviceConfig[] devices) : this([script], devices)
    {
    }

    /// <param name="scripts">One for each vCPU.</param>
    /// <param name="devices">Devices that not every machine has.</param>
    /// <param name="hasFirmware">Start firmware, of which nothing is there but its size, in place of the kernel.</param>
    /// <param name="fabric">The local APICs, if the engine has them itself.</param>
    /// <param name="disk">A disk at the IDE controller.</param>
    public ScriptedMachine(
        IReadOnlyList<Func<ScriptedVcpu, IEnumerable<VmExit>>> scripts, DeviceConfig[]? devices = null, bool hasFirmware = false, ScriptedFabric? fabric = null,
        IBlockBackend? disk = null)
    {
        var image = Path.Combine(_directory, "image");
        File.WriteAllBytes(image, hasFirmware ? new byte[64 << 10] : [0xEB, 0xFE]);
        Engine = new ScriptedEngine(scripts) { Fabric = fabric };
        var config = new MachineConfig
        {
            Firmware = hasFirmware ? new FirmwareConfig(image) : null,
            Kernel = hasFirmware ? null : image,
            Entry = hasFirmware ? EntryMode.Auto : EntryMode.Real,
            LoadAddress = hasFirmware ? null : new GuestPhysicalAddress(LoadAddress),
            Memory = ByteSize.FromMebibytes(2),
            Cpus = CpuTopology.OfCores(scripts.Count),
            Devices = devices ?? [],
            Disks = disk is null ? [] : [new DiskConfig("/disk") { Interface = DiskInterface.Ide }],
        };
        var host = new MachineHost(NullLoggerFactory.Instance)
        {
            Serials = [Serial],
            Disks = disk is null ? [] : [disk],
            Left = Left.Add,
            Trace = new TraceSink(TextWriter.Synchronized(_trace), TraceCategories.Exits | TraceCategories.Interrupts),
        };
        Machine = new VirtualMachine(config, host, Engine);
    }

    public VirtualMachine Machine { get; }

    public ScriptedEngine Engine { get; }

    /// <summary>The first vCPU.</summary>
    public ScriptedVcpu Vcpu => Engine.Vcpus[0];

    public FakeSerial Serial { get; } = new();

    /// <summary>Back ends of devices that have left.</summary>
    public List<object> Left { get; } = [];

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
