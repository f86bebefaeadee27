namespace Ringmaster.Cli.Doctor;

/// <summary>Who may use a device.</summary>
/// <param name="Group">Its group's name, or number where it has no name.</param>
/// <param name="GroupMay">Whether members of the group may read and write it.</param>
internal sealed record DeviceNode(string Group, bool GroupMay);
