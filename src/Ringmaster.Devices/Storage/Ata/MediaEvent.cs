namespace Ringmaster.Devices.Storage.Ata;

/// <summary>What has happened to a medium since the host has asked last (MMC-5 6.6.2.4, "Media Event").</summary>
public enum MediaEvent
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Somebody has pressed the button while the tray was locked.</summary>
    EjectRequested,

    /// <summary>There is a new medium.</summary>
    NewMedium,

    /// <summary>There is none any more.</summary>
    Removed,
}
