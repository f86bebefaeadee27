namespace Ringmaster.Devices.Storage.Ide;

/// <summary>The modes of transfer that a host has chosen. They change nothing but what the drive tells.</summary>
/// <param name="Multiword">The multiword DMA mode, or -1.</param>
/// <param name="Ultra">The Ultra DMA mode, or -1.</param>
internal readonly record struct TransferModes(int Multiword, int Ultra)
{
    /// <summary>The fastest modes that there are.</summary>
    public const int MostMultiword = 2, MostUltra = 5;

    /// <summary>What is chosen after power-on.</summary>
    public static TransferModes AfterReset => new(MostMultiword, -1);

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
                chosen = new TransferModes(mode, -1);
                return true;
            case ultra when mode <= MostUltra:
                chosen = new TransferModes(-1, mode);
                return true;
            default:
                return false;
        }
    }

    public TransferModes InRange() => new(Math.Clamp(Multiword, -1, MostMultiword), Math.Clamp(Ultra, -1, MostUltra));
}
