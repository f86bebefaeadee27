using Ringmaster.Memory;

namespace Ringmaster.Machine.Configuration;

/// <summary>A device beyond those that every machine has.</summary>
public abstract record DeviceConfig
{
    private DeviceConfig()
    {
    }

    /// <summary>The test device that bare-metal test programs expect: ports 0xe0-0xe8 and 0xf1-0xf4.</summary>
    public sealed record TestDevice : DeviceConfig;

    /// <summary>A port that ends the run with an exit code that the guest chooses.</summary>
    /// <param name="Base">The first port.</param>
    /// <param name="Size">How many ports: 1, 2 or 4.</param>
    public sealed record DebugExit(IoPort Base, int Size) : DeviceConfig;

    /// <summary>A port whose bytes go straight to an output.</summary>
    /// <param name="Port">The port.</param>
    /// <param name="Output">Where the bytes go.</param>
    public sealed record DebugConsole(IoPort Port, SerialConfig Output) : DeviceConfig;
}
