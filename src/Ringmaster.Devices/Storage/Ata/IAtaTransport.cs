namespace Ringmaster.Devices.Storage.Ata;

/// <summary>What carries out commands of an <see cref="AtaDevice"/>: a place on an IDE channel, or a SATA port.</summary>
internal interface IAtaTransport
{
    /// <summary>Gives up the command under way if it still needs the medium, which is touched no more; <see cref="End"/> follows.</summary>
    /// <returns>Whether there was such a command.</returns>
    bool GiveUp();

    /// <summary>Ends the command that was given up.</summary>
    void End(AtaAction refusal);
}
