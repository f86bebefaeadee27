namespace Ringmaster.Devices.Storage.Ata;

/// <summary>What a device tells about its make.</summary>
/// <param name="Serial">
/// Serial number, up to 20 characters of ASCII; longer ones are cut. Guests tell disks apart by it, and find them again.
/// </param>
/// <param name="Model">Model number, up to 40 characters.</param>
/// <param name="Firmware">Firmware revision, up to 8 characters.</param>
public sealed record AtaModel(string Serial, string Model, string Firmware = "1.0");
