using Ringmaster.Memory;

namespace Ringmaster.Firmware.Acpi.Aml;

/// <summary>Collects resource descriptors for _CRS (ACPI 6.5 section 6.4).</summary>
internal sealed class AmlResources
{
    private const byte IoTag = 0x47, IrqNoFlagsTag = 0x22, Memory32FixedTag = 0x86, EndTag = 0x79, Decode16 = 1;
    private readonly ByteWriter _descriptors = new();

    /// <summary>IO (Decode16, port, port, 1, length).</summary>
    public AmlResources Io(IoPort port, int length)
    {
        _descriptors.U8(IoTag).U8(Decode16).U16(port.Value).U16(port.Value).U8(1).U8(length);
        return this;
    }

    /// <summary>IRQNoFlags () {line}: edge-triggered, active high.</summary>
    public AmlResources Irq(int line)
    {
        _descriptors.U8(IrqNoFlagsTag).U16(1 << line);
        return this;
    }

    /// <summary>Memory32Fixed (ReadWrite, address, length).</summary>
    public AmlResources Memory32(GuestPhysicalAddress address, uint length)
    {
        _descriptors.U8(Memory32FixedTag).U16(9).U8(1).U32((uint)address.Value).U32(length);
        return this;
    }

    /// <summary>The template as a buffer. A zero checksum counts as right (section 6.4.2.9).</summary>
    public AmlTerm ToTerm() => AmlCode.Buffer(_descriptors.U8(EndTag).U8(0).ToArray());
}
