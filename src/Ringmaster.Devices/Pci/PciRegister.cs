namespace Ringmaster.Devices.Pci;

/// <summary>Offsets in the header of type 0 (PCI Local Bus 3.0 section 6.1) and bits of its registers.</summary>
public static class PciRegister
{
    /// <summary>Vendor ID, 16 bits.</summary>
    public const int Vendor = 0x00;

    /// <summary>Device ID, 16 bits.</summary>
    public const int Device = 0x02;

    /// <summary>Command, 16 bits.</summary>
    public const int Command = 0x04;

    /// <summary>Status, 16 bits.</summary>
    public const int Status = 0x06;

    /// <summary>Revision, 8 bits, with the class behind it.</summary>
    public const int Revision = 0x08;

    /// <summary>Cache line size, 8 bits.</summary>
    public const int CacheLineSize = 0x0C;

    /// <summary>Latency timer, 8 bits.</summary>
    public const int LatencyTimer = 0x0D;

    /// <summary>Header type, 8 bits.</summary>
    public const int HeaderType = 0x0E;

    /// <summary>The first of six base address registers.</summary>
    public const int Bar0 = 0x10;

    /// <summary>Subsystem vendor ID, 16 bits, and subsystem ID behind it.</summary>
    public const int SubsystemVendor = 0x2C;

    /// <summary>Base address of the expansion ROM.</summary>
    public const int RomBar = 0x30;

    /// <summary>Offset of the first capability, 8 bits.</summary>
    public const int Capabilities = 0x34;

    /// <summary>Interrupt line, 8 bits: firmware's note for drivers.</summary>
    public const int InterruptLine = 0x3C;

    /// <summary>Interrupt pin, 8 bits.</summary>
    public const int InterruptPin = 0x3D;

    /// <summary>Command: the function answers I/O accesses.</summary>
    public const ushort CommandIo = 1 << 0;

    /// <summary>Command: the function answers memory accesses.</summary>
    public const ushort CommandMemory = 1 << 1;

    /// <summary>Command: the function may access memory and send messages.</summary>
    public const ushort CommandBusMaster = 1 << 2;

    /// <summary>Command: the function does not drive its interrupt pin.</summary>
    public const ushort CommandInterruptDisable = 1 << 10;

    /// <summary>Status: the function wants to drive its interrupt pin.</summary>
    public const ushort StatusInterrupt = 1 << 3;

    /// <summary>Status: there is a list of capabilities.</summary>
    public const ushort StatusCapabilities = 1 << 4;
}
