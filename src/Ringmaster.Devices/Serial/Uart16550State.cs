namespace Ringmaster.Devices.Serial;

/// <summary>The saved state of a <see cref="Uart16550"/>.</summary>
/// <param name="InterruptEnable">IER, four bits.</param>
/// <param name="FifoControl">FCR as last written, without the bits that reset FIFOs.</param>
/// <param name="LineControl">LCR.</param>
/// <param name="ModemControl">MCR, five bits.</param>
/// <param name="ModemStatus">MSR: lines and deltas.</param>
/// <param name="Scratch">SCR.</param>
/// <param name="Divisor">DLL and DLM.</param>
/// <param name="Received">The receive FIFO, oldest first, at most 16 bytes.</param>
/// <param name="Overrun">LSR's overrun error.</param>
/// <param name="TransmitterEmptied">A transmitter-empty interrupt is pending.</param>
/// <param name="TimedOut">A character timeout interrupt is pending.</param>
/// <param name="TimeoutAt">When received bytes will time out, in the VM clock's nanoseconds, or null.</param>
public sealed record Uart16550State(
    byte InterruptEnable,
    byte FifoControl,
    byte LineControl,
    byte ModemControl,
    byte ModemStatus,
    byte Scratch,
    ushort Divisor,
    byte[] Received,
    bool Overrun,
    bool TransmitterEmptied,
    bool TimedOut,
    long? TimeoutAt);
