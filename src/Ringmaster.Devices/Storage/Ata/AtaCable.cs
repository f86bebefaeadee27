namespace Ringmaster.Devices.Storage.Ata;

/// <summary>Where a device with ATA commands hangs.</summary>
internal enum AtaCable
{
    /// <summary>It is the first of a parallel cable.</summary>
    First,

    /// <summary>It is the second of a parallel cable.</summary>
    Second,

    /// <summary>It is alone behind a SATA port.</summary>
    Serial,
}
