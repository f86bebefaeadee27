namespace Ringmaster.Devices.Storage.Ata;

/// <summary>Why a packet command has failed (SPC-3 4.5).</summary>
/// <param name="Key">Sense key.</param>
/// <param name="Code">Additional sense code.</param>
/// <param name="Qualifier">Its qualifier.</param>
public readonly record struct ScsiSense(byte Key, byte Code, byte Qualifier)
{
    internal static readonly ScsiSense None;
    internal static readonly ScsiSense NoMedium = new(2, 0x3A, 0x01);
    internal static readonly ScsiSense TrayOpen = new(2, 0x3A, 0x02);
    internal static readonly ScsiSense ReadError = new(3, 0x11, 0x00);
    internal static readonly ScsiSense NoSuchCommand = new(5, 0x20, 0x00);
    internal static readonly ScsiSense NoSuchBlock = new(5, 0x21, 0x00);
    internal static readonly ScsiSense BadField = new(5, 0x24, 0x00);
    internal static readonly ScsiSense WrongMedium = new(5, 0x30, 0x02);
    internal static readonly ScsiSense NoSavedPages = new(5, 0x39, 0x00);
    internal static readonly ScsiSense RemovalPrevented = new(5, 0x53, 0x02);
    internal static readonly ScsiSense WrongTrackMode = new(5, 0x64, 0x00);
    internal static readonly ScsiSense MediumChanged = new(6, 0x28, 0x00);
    internal static readonly ScsiSense WasReset = new(6, 0x29, 0x00);

    /// <summary>Fixed format (SPC-3 4.5.3).</summary>
    internal byte[] ToBytes()
    {
        var bytes = new byte[18];
        (bytes[0], bytes[2], bytes[7], bytes[12], bytes[13]) = (0x70, Key, 10, Code, Qualifier);
        return bytes;
    }
}
