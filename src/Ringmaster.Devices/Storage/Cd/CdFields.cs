namespace Ringmaster.Devices.Storage.Cd;

/// <summary>Parts of a block on a CD, by their bits in READ CD (MMC-5 6.20.2.5, "Main Channel Selection Bits").</summary>
[Flags]
public enum CdFields : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Error detection and correction.</summary>
    Codes = 0x08,

    /// <summary>The data.</summary>
    User = 0x10,

    /// <summary>Address and mode.</summary>
    Header = 0x20,

    /// <summary>What only blocks of mode 2 have.</summary>
    Subheader = 0x40,

    /// <summary>The pattern by which a drive finds the block's start.</summary>
    Sync = 0x80,

    /// <summary>A whole block.</summary>
    All = Codes | User | Header | Subheader | Sync,
}
