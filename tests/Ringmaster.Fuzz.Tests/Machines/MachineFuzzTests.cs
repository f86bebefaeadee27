using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;
using Ringmaster.Memory;
using Xunit.Abstractions;

namespace Ringmaster.Fuzz.Tests.Machines;

/// <summary>Whole machines with guests that do nothing but harm: each ends as a machine may end, soon after it was asked to.</summary>
public sealed class MachineFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const long MostGrowth = 400L << 20;
    private readonly string _directory = Directory.CreateTempSubdirectory("fuzz-machine").FullName;

    [Fact]
    public void No_guest_breaks_the_machine()
    {
        var seed = FuzzTime.FirstSeed(1);
        output.WriteLine($"first seed {seed:x16}");
        var time = new FuzzTime(8);
        var outcomes = new Dictionary<string, int>();
        var (cases, exits, interrupts, kinds) = (0, 0L, 0L, new HashSet<string>());
        long baseline = 0;

        for (; !time.IsOver; cases++, seed++)
        {
            var (outcome, statistics) = Run(seed);
            outcomes[outcome.GetType().Name] = outcomes.GetValueOrDefault(outcome.GetType().Name) + 1;
            exits += statistics.Exits.Values.Sum();
            interrupts += statistics.Interrupts;
            kinds.UnionWith(statistics.Exits.Keys);
            if (cases == 4)
                baseline = Resident();
        }

        output.WriteLine($"{cases} machines, {exits} exits, {interrupts} interrupts: {string.Join(", ", outcomes.Select(o => $"{o.Key} {o.Value}"))}");
        Assert.Superset(new HashSet<string> { "port read", "port write", "mmio read", "mmio write", "msr read", "msr write" }, kinds);
        Assert.True(interrupts > 0, "no interrupt came through");
        Assert.True(cases <= 5 || Resident() - baseline < MostGrowth, $"the process has grown from {baseline} to {Resident()} bytes");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private (RunOutcome Outcome, MachineStatistics Statistics) Run(ulong seed)
    {
        var random = new FuzzRandom(seed);
        var isFlat = random.Chance(65);
        var generator = new ProgramGenerator(random);
        var path = Path.Combine(_directory, "guest.bin");
        File.WriteAllBytes(path, isFlat ? generator.Flat() : generator.Real());
        var config = new MachineConfig
        {
            Kernel = path,
            Memory = ByteSize.FromMebibytes(32),
            LoadAddress = new GuestPhysicalAddress(isFlat ? ProgramGenerator.FlatBase : ProgramGenerator.RealBase),
            Cpu = random.Chance(50) ? CpuConfig.Default : new CpuConfig("EPYC-Milan", []),
            Devices = random.Chance(30) ? [new DeviceConfig.TestDevice(), new DeviceConfig.DebugExit(new IoPort(0x501), 2)] : [],
        };
        using var serial = new NoisySerial();
        using var stop = new CancellationTokenSource();
        using var watchdog = new Watchdog(TimeSpan.FromMilliseconds(150), stop.Cancel);
        watchdog.Begin($"machine seed {seed:x16}");
        try
        {
            using var machine = VirtualMachine.Create(config, new MachineHost(NullLoggerFactory.Instance) { Serials = [serial] });
            using var presser = new Timer(_ => machine.PressPowerButton(), null, 5, 10);
            var outcome = machine.Run(stop.Token);
            using var pressed = new ManualResetEvent(false);
            presser.Dispose(pressed);
            pressed.WaitOne();
            return (outcome, machine.Statistics);
        }
        catch (Exception error)
        {
            throw new FuzzFailureException($"machine seed {seed:x16}: {error.GetType().Name}: {error.Message}", error);
        }
        finally
        {
            watchdog.End();
        }
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
