namespace Ringmaster.Devices.Serial;

/// <summary>What IIR reports, with the codes of its low four bits (National PC16550D, table "Interrupt Control Functions").</summary>
internal enum InterruptSource : byte
{
    ModemStatus = 0x0,
    None = 0x1,
    TransmitterEmpty = 0x2,
    ReceivedData = 0x4,
    LineStatus = 0x6,
    CharacterTimeout = 0xC,
}
