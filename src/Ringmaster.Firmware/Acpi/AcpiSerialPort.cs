using Ringmaster.Memory;

namespace Ringmaster.Firmware.Acpi;

/// <summary>A 16550 serial port.</summary>
/// <param name="Port">First of its eight ports.</param>
/// <param name="Irq">Its ISA interrupt, 0 to 15.</param>
public readonly record struct AcpiSerialPort(IoPort Port, int Irq);
