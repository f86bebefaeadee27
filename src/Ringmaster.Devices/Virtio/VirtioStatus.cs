namespace Ringmaster.Devices.Virtio;

/// <summary>The device status field (virtio 1.2 section 2.1).</summary>
[Flags]
public enum VirtioStatus : byte
{
    /// <summary>The device is reset.</summary>
    None = 0,

    /// <summary>The guest has noticed it.</summary>
    Acknowledge = 1,

    /// <summary>The guest knows how to drive it.</summary>
    Driver = 2,

    /// <summary>The driver is ready.</summary>
    DriverOk = 4,

    /// <summary>Features are agreed on.</summary>
    FeaturesOk = 8,

    /// <summary>The device has met something that it cannot recover from.</summary>
    NeedsReset = 64,

    /// <summary>The guest has given up.</summary>
    Failed = 128,
}
