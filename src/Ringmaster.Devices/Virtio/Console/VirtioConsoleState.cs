namespace Ringmaster.Devices.Virtio.Console;

/// <summary>The saved state of a <see cref="VirtioConsole"/>.</summary>
/// <param name="Columns">Characters of a line on the terminal.</param>
/// <param name="Rows">Lines.</param>
/// <param name="ReadyPorts">For each port: whether the guest has got to know it.</param>
/// <param name="OpenPorts">For each port: whether somebody in the guest has it open.</param>
/// <param name="Messages">Control messages that wait for room, oldest first.</param>
public sealed record VirtioConsoleState(ushort Columns, ushort Rows, bool[] ReadyPorts, bool[] OpenPorts, byte[][] Messages);
