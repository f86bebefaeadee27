using Ringmaster.Devices.Debug;
using Ringmaster.Guests.Tests.Harness;
using Ringmaster.Machine;
using Ringmaster.Machine.Configuration;
using Ringmaster.Memory;

namespace Ringmaster.Guests.Tests.BareMetal;

/// <summary>Machines for programs of a few bytes.</summary>
internal static class BareMachine
{
    /// <summary>Runs a program with a debug-exit port to its end.</summary>
    /// <param name="program">The file's content.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="load">Where a flat binary is put; null for a file that says it itself.</param>
    public static (RunOutcome Outcome, string Log) Run(ReadOnlySpan<byte> program, EngineChoice engine, ulong? load = null)
    {
        using var file = new TemporaryFile(program);
        return TestGuest.RunToEnd(Config(file, engine, load));
    }

    /// <summary>The machine that runs a program. The translator translates all of it, though hardly anything is executed twice.</summary>
    public static MachineConfig Config(TemporaryFile file, EngineChoice engine, ulong? load = null) => new()
    {
        Engine = new EngineConfig(engine) { Threshold = 0 },
        Kernel = file.Path,
        Memory = ByteSize.FromMebibytes(32),
        LoadAddress = load is { } address ? new GuestPhysicalAddress(address) : null,
        Devices = [new DeviceConfig.DebugExit(new IoPort(IsaDebugExit.DefaultPort), 4)],
    };
}
