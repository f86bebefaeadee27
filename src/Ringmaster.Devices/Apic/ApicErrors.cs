namespace Ringmaster.Devices.Apic;

/// <summary>Bits of the error status register (SDM 3A 11.5.3). Bits 0 to 3 belong to the serial APIC bus of old processors.</summary>
[Flags]
internal enum ApicErrors : uint
{
    None = 0,
    RedirectableIpi = 1 << 4,
    SendIllegalVector = 1 << 5,
    ReceiveIllegalVector = 1 << 6,
    IllegalRegister = 1 << 7,
    All = RedirectableIpi | SendIllegalVector | ReceiveIllegalVector | IllegalRegister,
}
