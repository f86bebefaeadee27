namespace Ringmaster.Devices.Tests.Contract;

/// <summary>A device under the contract suite.</summary>
/// <param name="Name">Names the case; unique.</param>
/// <param name="Create">Makes the device, wired to a test's clock, lines and call-backs.</param>
public sealed record DeviceCase(string Name, Func<TestWiring, IDevice> Create)
{
    /// <summary>A battery (or the like) lets part of the state survive a reset.</summary>
    public bool KeepsStateOverReset { get; init; }

    /// <summary>Something that may happen from outside the guest: a key, a byte on the wire. Uses only the given random source.</summary>
    public Action<IDevice, TestWiring, Random>? Stimulate { get; init; }

    /// <summary>
    /// Takes down the input wires that <see cref="Stimulate"/> may have left up. A machine resets the devices that drive them
    /// too, and a level that stays up belongs to its driver, not to the device that sees it.
    /// </summary>
    public Action<IDevice>? ReleaseInputs { get; init; }
}
