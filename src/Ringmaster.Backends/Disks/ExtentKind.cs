namespace Ringmaster.Backends.Disks;

/// <summary>Where the content of an <see cref="ImageExtent"/> comes from.</summary>
public enum ExtentKind
{
    /// <summary>Nothing was ever written there, in the image or in what it is based on: zeros.</summary>
    Absent,

    /// <summary>Zeros that the image itself says there are; they hide what it is based on.</summary>
    Zero,

    /// <summary>Bytes in the file.</summary>
    Data,

    /// <summary>Bytes in the file, compressed.</summary>
    Compressed,

    /// <summary>Bytes in the image that this one is based on.</summary>
    Backing,
}
