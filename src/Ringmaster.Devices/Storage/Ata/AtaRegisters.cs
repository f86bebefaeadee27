namespace Ringmaster.Devices.Storage.Ata;

/// <summary>Values and bits of the status, error, device and sector count registers (ATA8-ACS section 6).</summary>
internal static class AtaRegisters
{
    /// <summary>Status: an error register is to be looked at.</summary>
    public const byte StatusError = 0x01;

    /// <summary>Status: the device wants data to be moved.</summary>
    public const byte StatusDataRequest = 0x08;

    /// <summary>Status: ready, and nothing else.</summary>
    public const byte StatusReady = 0x50;

    /// <summary>Status: a command is being carried out.</summary>
    public const byte StatusBusy = 0x80;

    /// <summary>Error: the command is none, or cannot be carried out.</summary>
    public const byte ErrorAbort = 0x04;

    /// <summary>Error: there is no such sector.</summary>
    public const byte ErrorNotFound = 0x10;

    /// <summary>Error: data cannot be read.</summary>
    public const byte ErrorUncorrectable = 0x40;

    /// <summary>Error register after a reset or diagnosis: the device is in order.</summary>
    public const byte Diagnosed = 0x01;

    /// <summary>Device: the address is a block number, not cylinder, head and sector.</summary>
    public const byte DeviceLba = 0x40;

    /// <summary>Sector count of a packet command, where it is the interrupt reason: the host is to send the packet, takes data, or it is over.</summary>
    public const byte PacketPhase = 0x01, DataInPhase = 0x02, StatusPhase = 0x03;
}
