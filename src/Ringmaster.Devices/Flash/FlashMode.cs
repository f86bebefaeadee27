namespace Ringmaster.Devices.Flash;

/// <summary>What a flash memory makes of the next bus cycle.</summary>
public enum FlashMode
{
    /// <summary>Reads give the content; a write is a command.</summary>
    Array,

    /// <summary>Reads give the status; a write is a command.</summary>
    Status,

    /// <summary>Reads tell the chip's maker and kind; a write is a command.</summary>
    Identifier,

    /// <summary>Reads give the CFI table; a write is a command.</summary>
    Query,

    /// <summary>The next write is a byte to be programmed.</summary>
    Program,

    /// <summary>The next write confirms that a block is to be erased.</summary>
    Erase,

    /// <summary>The next write says how many bytes follow, less one.</summary>
    BufferCount,

    /// <summary>The next write is a byte for the buffer.</summary>
    BufferData,

    /// <summary>The next write confirms that the buffer is to be programmed.</summary>
    BufferConfirm,
}
