namespace Ringmaster.Devices.Storage.Floppy;

/// <summary>The saved state of a <see cref="FloppyController"/>.</summary>
/// <param name="Drives">The drives, null where there is none.</param>
/// <param name="Step">What it is doing.</param>
/// <param name="Fifo">The command and its parameters as far as they have come, or the results.</param>
/// <param name="Position">How many of the results have been read.</param>
/// <param name="Command">The command under way with its parameters.</param>
/// <param name="Buffer">Data under way.</param>
/// <param name="BufferPosition">How far the host has come in it.</param>
/// <param name="IsTerminal">The DMA controller has signalled the end.</param>
/// <param name="Head">The side that the transfer has come to.</param>
/// <param name="Sector">The sector that the transfer has come to.</param>
/// <param name="HasSought">The transfer has moved the heads first.</param>
/// <param name="DigitalOutput">DOR.</param>
/// <param name="TapeDrive">TDR.</param>
/// <param name="Rate">The data rate's code.</param>
/// <param name="Cylinders">PCN: where the controller believes the heads of four drives to be.</param>
/// <param name="SeekEnds">ST0 of seeks that have ended, for SENSE INTERRUPT STATUS; -1 for none.</param>
/// <param name="Timing">The two bytes of SPECIFY.</param>
/// <param name="Configuration">The second and the third byte of CONFIGURE.</param>
/// <param name="Perpendicular">The byte of PERPENDICULAR MODE.</param>
/// <param name="EndOfTrack">The last sector, or the number of sectors, of the last transfer; DUMPREG tells it.</param>
/// <param name="IsLocked">LOCK: whether the configuration survives a software reset.</param>
/// <param name="NextId">Which sector READ ID tells next.</param>
/// <param name="Interrupt">Whether an interrupt is asked for.</param>
public sealed record FloppyControllerState(
    FloppyDriveState?[] Drives,
    FloppyStep Step,
    byte[] Fifo,
    int Position,
    byte[] Command,
    byte[] Buffer,
    int BufferPosition,
    bool IsTerminal,
    int Head,
    int Sector,
    bool HasSought,
    byte DigitalOutput,
    byte TapeDrive,
    byte Rate,
    byte[] Cylinders,
    int[] SeekEnds,
    byte[] Timing,
    byte[] Configuration,
    byte Perpendicular,
    byte EndOfTrack,
    bool IsLocked,
    int NextId,
    bool Interrupt);
