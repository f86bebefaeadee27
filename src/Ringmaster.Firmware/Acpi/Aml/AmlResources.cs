using Ringmaster.Memory;

namespace Ringmaster.Firmware.Acpi.Aml;

/// <summary>Collects resource descriptors for _CRS (ACPI 6.5 section 6.4).</summary>
internal sealed class AmlResources
{
    private const byte IoTag = 0x47, IrqNoFlagsTag = 0x22, DmaTag = 0x2A, Memory32FixedTag = 0x86, EndTag = 0x79, Decode16 = 1,
        WordTag = 0x88, DwordTag = 0x87, QwordTag = 0x8A, MemoryType = 0, IoType = 1, BusType = 2, FixedEnds = 0x0C, ReadWrite = 1, EntireRange = 3;

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

    /// <summary>DMA (Compatibility, NotBusMaster, Transfer8) {channel}.</summary>
    public AmlResources Dma(int channel)
    {
        _descriptors.U8(DmaTag).U8(1 << channel).U8(0);
        return this;
    }

    /// <summary>Memory32Fixed (ReadWrite, address, length).</summary>
    public AmlResources Memory32(GuestPhysicalAddress address, uint length)
    {
        _descriptors.U8(Memory32FixedTag).U16(9).U8(1).U32((uint)address.Value).U32(length);
        return this;
    }

    /// <summary>WordBusNumber (ResourceProducer, MinFixed, MaxFixed, PosDecode, 0, first, last, 0, count).</summary>
    public AmlResources Buses(int first, int last)
    {
        Header(WordTag, 13, BusType, 0).U16(0).U16(first).U16(last).U16(0).U16(last - first + 1);
        return this;
    }

    /// <summary>WordIO (ResourceProducer, MinFixed, MaxFixed, PosDecode, EntireRange, 0, first, last, 0, count).</summary>
    public AmlResources IoWindow(int first, int last)
    {
        Header(WordTag, 13, IoType, EntireRange).U16(0).U16(first).U16(last).U16(0).U16(last - first + 1);
        return this;
    }

    /// <summary>DWordMemory or QWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed, NonCacheable, ReadWrite, 0, first, last, 0, length).</summary>
    public AmlResources MemoryWindow(RamRange range)
    {
        var last = range.Start.Value + (range.Length - 1);
        if (last <= uint.MaxValue)
            Header(DwordTag, 23, MemoryType, ReadWrite).U32(0).U32((uint)range.Start.Value).U32((uint)last).U32(0).U32((uint)range.Length);
        else
            Header(QwordTag, 43, MemoryType, ReadWrite).U64(0).U64(range.Start.Value).U64(last).U64(0).U64(range.Length);
        return this;
    }

    private ByteWriter Header(byte tag, int length, int type, int flags) => _descriptors.U8(tag).U16(length).U8(type).U8(FixedEnds).U8(flags);

    /// <summary>The template as a buffer. A zero checksum counts as right (section 6.4.2.9).</summary>
    public AmlTerm ToTerm() => AmlCode.Buffer(_descriptors.U8(EndTag).U8(0).ToArray());
}
