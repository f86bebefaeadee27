namespace Ringmaster.Cpu.Translator.Cache;

/// <summary>What a region has in common with its copies for other linear addresses. Places are bytes from the region's first.</summary>
internal sealed class RegionCode
{
    /// <summary>It was made from 64-bit code.</summary>
    public required bool Is64Bit { get; init; }

    /// <summary>Bytes of its code.</summary>
    public required int Length { get; init; }

    /// <summary>Where it is entered.</summary>
    public required int Entry { get; init; }

    /// <summary>Where it is entered with a look at its page check first; the same as <see cref="Entry"/> if it has none.</summary>
    public required int CheckedEntry { get; init; }

    /// <summary>What its entry leads to once its source has changed.</summary>
    public required int StaleExit { get; init; }

    /// <summary>Number of the guest-physical page into which its last instruction crosses, if one does.</summary>
    public ulong? Following { get; init; }

    /// <summary>What is known of places in it.</summary>
    public RegionNotes Notes { get; init; }

    /// <summary>The regions that were made by moving the first one; null if there are none.</summary>
    public List<Region>? Copies { get; set; }
}
