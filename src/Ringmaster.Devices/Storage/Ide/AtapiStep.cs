namespace Ringmaster.Devices.Storage.Ide;

/// <summary>What an <see cref="AtapiDrive"/> is doing.</summary>
public enum AtapiStep
{
    /// <summary>It waits for a command.</summary>
    Idle,

    /// <summary>The host reads what the drive tells about itself.</summary>
    Identification,

    /// <summary>The host writes a packet.</summary>
    Packet,

    /// <summary>The buffer is being filled from the medium.</summary>
    Reading,

    /// <summary>The host reads a block.</summary>
    DataIn,

    /// <summary>The buffer goes to guest memory, or waits for the bus master.</summary>
    BufferDma,

    /// <summary>Sectors go from the medium to guest memory, or wait for the bus master.</summary>
    MediumDma,
}
