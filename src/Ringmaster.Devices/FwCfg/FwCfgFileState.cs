namespace Ringmaster.Devices.FwCfg;

/// <summary>Saved content of a file that the guest may write.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Content">All of its bytes.</param>
public sealed record FwCfgFileState(string Name, byte[] Content);
