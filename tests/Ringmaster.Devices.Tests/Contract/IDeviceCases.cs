namespace Ringmaster.Devices.Tests.Contract;

/// <summary>
/// Adds devices to the contract suite. The suite finds every class of this assembly that implements it (with a constructor
/// without parameters), so a new device comes with its own small class and changes no shared list.
/// </summary>
public interface IDeviceCases
{
    IEnumerable<DeviceCase> Cases { get; }
}
