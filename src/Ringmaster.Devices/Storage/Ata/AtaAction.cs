namespace Ringmaster.Devices.Storage.Ata;

/// <summary>What a command asks of whoever has the device's registers: a SATA port or an IDE channel.</summary>
/// <param name="Protocol">How it moves data.</param>
internal sealed record AtaAction(AtaProtocol Protocol)
{
    /// <summary>Done without more ado.</summary>
    public static AtaAction Done { get; } = new(AtaProtocol.NonData);

    /// <summary>Refused: it is none, or cannot be carried out.</summary>
    public static AtaAction Abort { get; } = Fail(AtaRegisters.ErrorAbort);

    /// <summary>Ended with the error register; 0 for none.</summary>
    public byte Error { get; init; }

    /// <summary>What the host gets, if that does not come from the disk.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>
    /// Bytes that the host sends first, which are for <see cref="AtaDevice.Receive"/>; that says what comes then. 0 for none. A packet is
    /// sent where the protocol has packets.
    /// </summary>
    public int Parameter { get; init; }

    /// <summary>What the disk does; reads and writes move all data of the command.</summary>
    public IReadOnlyList<BlockStep> Steps { get; init; } = [];

    /// <summary>Bytes that go over the data register between two interrupts.</summary>
    public int Block { get; init; } = BlockRequest.SectorSize;

    /// <summary>What the LBA registers hold in the end, if the command returns something in them.</summary>
    public ulong? Lba { get; init; }

    /// <summary>What the sector count register holds in the end, if the command returns something in it.</summary>
    public ushort? Count { get; init; }

    /// <summary>What the device register holds in the end, if the command returns something in it.</summary>
    public byte? Device { get; init; }

    /// <summary>What the error register holds although nothing has failed: the outcome of a diagnosis.</summary>
    public byte Diagnosis { get; init; }

    /// <summary>Bytes that it moves between host and device.</summary>
    public int Length => Parameter != 0 ? Parameter : Data.Length + (int)Steps.Aggregate(0UL, (sum, step) => sum + step.Moved);

    /// <summary>Ended with an error.</summary>
    public static AtaAction Fail(byte error) => new(AtaProtocol.NonData) { Error = error };

    /// <summary>Hands data to the host.</summary>
    public static AtaAction Return(AtaProtocol protocol, byte[] data) => new(protocol) { Data = data };
}
