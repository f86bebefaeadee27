namespace Ringmaster.Devices.Tests.Contract;

/// <summary>All devices that the contract suite covers.</summary>
public static class DeviceCatalog
{
    public static IReadOnlyDictionary<string, DeviceCase> All { get; } = typeof(DeviceCatalog).Assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IDeviceCases)))
        .SelectMany(type => ((IDeviceCases)Activator.CreateInstance(type)!).Cases)
        .ToDictionary(device => device.Name);

    public static TheoryData<string> Names => [.. All.Keys.Order(StringComparer.Ordinal)];
}
