namespace Ringmaster.Devices.Apic;

/// <summary>Destinations that need no ID (SDM 3A 11.6.1).</summary>
internal enum DestinationShorthand
{
    None,
    Self,
    AllIncludingSelf,
    AllExcludingSelf,
}
