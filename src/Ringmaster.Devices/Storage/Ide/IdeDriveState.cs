using Ringmaster.Devices.Storage.Ata;

namespace Ringmaster.Devices.Storage.Ide;

/// <summary>The saved state of a drive on an <see cref="IdeChannel"/>.</summary>
/// <param name="Registers">Its registers.</param>
/// <param name="Status">The status register.</param>
/// <param name="Interrupt">Whether it asks for an interrupt.</param>
/// <param name="Buffer">What is in its buffer.</param>
/// <param name="Step">What it is doing.</param>
/// <param name="Opcode">The command under way, or 0.</param>
/// <param name="Protocol">How the command moves data.</param>
/// <param name="Block">Bytes that go over the data register between two interrupts.</param>
/// <param name="Steps">What the disk has still to do for the command.</param>
/// <param name="Device">What software has set.</param>
public sealed record IdeDriveState(
    TaskFileState Registers,
    byte Status,
    bool Interrupt,
    PioBufferState Buffer,
    IdeStep Step,
    byte Opcode,
    AtaProtocol Protocol,
    int Block,
    BlockStep[] Steps,
    AtaDeviceState Device);
