namespace Ringmaster.Devices.Storage.Ahci;

/// <summary>A disk on a port of an <see cref="AhciController"/>.</summary>
/// <param name="Backend">What is read and written.</param>
/// <param name="Serial">
/// The serial number: 1 to 20 printable ASCII characters. Guests tell disks apart by it, and find them again.
/// </param>
public sealed record AhciDisk(IBlockBackend Backend, string Serial);
