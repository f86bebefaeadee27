namespace Ringmaster.Devices.Chipset.DmaController;

/// <summary>What a channel's transfers do to memory (8237A, "Mode Register").</summary>
internal enum DmaDirection
{
    /// <summary>Nothing: only addresses and counts move.</summary>
    Verify,

    /// <summary>They store into it.</summary>
    Write,

    /// <summary>They load from it.</summary>
    Read,

    /// <summary>Not defined; nothing here.</summary>
    Illegal,
}
