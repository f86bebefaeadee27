namespace Ringmaster.Devices.Storage.Ide;

/// <summary>What a drive tells about its make.</summary>
/// <param name="Serial">Serial number, up to 20 characters of ASCII; longer ones are cut.</param>
/// <param name="Model">Model number, up to 40 characters.</param>
/// <param name="Firmware">Firmware revision, up to 8 characters.</param>
public sealed record IdeModel(string Serial, string Model, string Firmware = "1.0");
