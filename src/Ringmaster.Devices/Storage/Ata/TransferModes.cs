namespace Ringmaster.Devices.Storage.Ata;

/// <summary>The modes of transfer that a host has chosen. They change nothing but what the device tells.</summary>
/// <param name="Multiword">The multiword DMA mode, or -1.</param>
/// <param name="Ultra">The Ultra DMA mode, or -1.</param>
/// <param name="MostUltra">The fastest Ultra DMA mode that there is.</param>
internal readonly record struct TransferModes(int Multiword, int Ultra, int MostUltra)
{
    /// <summary>The fastest multiword DMA mode that there is.</summary>
    public const int MostMultiword = 2;

    /// <summary>What is chosen after power-on.</summary>
    public static TransferModes AfterReset(AtaCable cable) => cable == AtaCable.Serial ? new(-1, 6, 6) : new(MostMultiword, -1, 5);

    /// <summary>
    /// SET FEATURES, subcommand 03h: the upper bits of the value tell the kind, the lower three the mode (ATA/ATAPI-7 volume 1, table
    /// "Transfer mode values").
    /// </summary>
    /// <returns>False if there is no such mode; nothing changes then.</returns>
    public bool TryChoose(byte value, out TransferModes chosen)
    {
        const int pioDefault = 0, pio = 1, multiword = 4, ultra = 8;
        var mode = value & 7;
        chosen = this;
        switch (value >> 3)
        {
            case pioDefault when mode <= 1:
            case pio when mode <= 4:
                return true;
            case multiword when mode <= MostMultiword:
                chosen = this with { Multiword = mode, Ultra = -1 };
                return true;
            case ultra when mode <= MostUltra:
                chosen = this with { Multiword = -1, Ultra = mode };
                return true;
            default:
                return false;
        }
    }

    /// <summary>The modes of a saved state, brought into range.</summary>
    public TransferModes Restored(int multiword, int ultra) =>
        this with { Multiword = Math.Clamp(multiword, -1, MostMultiword), Ultra = Math.Clamp(ultra, -1, MostUltra) };
}
