using Ringmaster.Firmware.Acpi;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.Mp;

/// <summary>
/// The tables by which systems without ACPI find processors and interrupts (Intel MultiProcessor Specification 1.4, chapter 4): a
/// floating pointer and, right behind it, the configuration table.
/// </summary>
/// <remarks>Processors whose APIC ID takes more than 8 bits are left out; the specification ends with those.</remarks>
public sealed class MpTables
{
    /// <summary>Where the tables lie: in the last part of the BIOS's area, which is one of the places that are searched.</summary>
    public static readonly GuestPhysicalAddress Area = new(0xF_C000);

    private const int AreaSize = 0x4000 - 16, PointerSize = 16, HeaderSize = 44, Revision = 4;
    private const int Processor = 0, Bus = 1, IoApic = 2, Interrupt = 3, LocalInterrupt = 4;
    private const int VectoredInterrupt = 0, Nmi = 1, ExternalInterrupt = 3;
    private const int PciBus = 0, IsaBus = 1, AllApics = 0xFF, MostApicIds = 0xFF;
    private const int LocalApicVersion = 0x14, IoApicVersion = 0x20, Enabled = 1, Bootstrap = 2;
    private const int ConformsToBus = 0, LevelActiveHigh = 0b11_01;

    private readonly byte[] _image;

    private MpTables(byte[] image) => _image = image;

    /// <summary>Builds the tables.</summary>
    /// <param name="platform">The machine, as its ACPI tables describe it.</param>
    /// <param name="processor">Its processors.</param>
    public static MpTables Build(AcpiPlatform platform, MpProcessor processor)
    {
        ArgumentNullException.ThrowIfNull(platform);
        List<byte[]> entries =
        [
            .. Processors(platform, processor),
            .. Buses(platform),
            new ByteWriter().U8(IoApic).U8(platform.IoApicId).U8(IoApicVersion).U8(Enabled).U32((uint)platform.IoApic.Value).ToArray(),
            .. Interrupts(platform),
            LocalEntry(ExternalInterrupt, input: 0),
            LocalEntry(Nmi, input: 1),
        ];
        var table = Table(platform, entries);
        var pointer = new ByteWriter().Ascii("_MP_").U32((uint)Area.Value + PointerSize).U8(1).U8(Revision).U8(0).Zeros(5).ToArray();
        Checksum.Set(pointer, 10);
        return new MpTables([.. pointer, .. table]);
    }

    /// <summary>Puts the tables into RAM.</summary>
    /// <exception cref="InvalidOperationException">They do not fit, or there is no RAM.</exception>
    public void Install(GuestMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (_image.Length > AreaSize)
            throw new InvalidOperationException($"The MP tables of {_image.Length} bytes do not fit below 1 MiB; use fewer CPUs.");
        if (!memory.TryWrite(Area, _image))
            throw new InvalidOperationException($"There is no RAM at {Area} for the MP tables; keep that range in the RAM layout.");
    }

    private static byte[] Table(AcpiPlatform platform, List<byte[]> entries)
    {
        const int checksum = 7;
        var table = new ByteWriter().Ascii("PCMP").U16(HeaderSize + entries.Sum(e => e.Length)).U8(Revision).U8(0)
            .Ascii("RNGMST", 8, ' ').Ascii("RINGMASTER", 12, ' ').U32(0).U16(0).U16(entries.Count).U32((uint)platform.LocalApic.Value).U32(0);
        foreach (var entry in entries)
            table.Bytes(entry);
        var bytes = table.ToArray();
        Checksum.Set(bytes, checksum);
        return bytes;
    }

    private static IEnumerable<byte[]> Processors(AcpiPlatform platform, MpProcessor processor) =>
        from cpu in Enumerable.Range(0, platform.CpuCount)
        let id = platform.ApicIdOf(cpu)
        where id < MostApicIds
        select new ByteWriter().U8(Processor).U8((int)id).U8(LocalApicVersion).U8(cpu == 0 ? Enabled | Bootstrap : Enabled)
            .U32(processor.Signature).U32(processor.Features).Zeros(8).ToArray();

    private static IEnumerable<byte[]> Buses(AcpiPlatform platform)
    {
        if (platform.Pci is not null)
            yield return new ByteWriter().U8(Bus).U8(PciBus).Ascii("PCI", 6, ' ').ToArray();
        yield return new ByteWriter().U8(Bus).U8(IsaBus).Ascii("ISA", 6, ' ').ToArray();
    }

    private static IEnumerable<byte[]> Interrupts(AcpiPlatform platform)
    {
        const int devices = 32, pins = 4, isaInterrupts = 16, cascade = 2, timerInput = 2;
        var ofPci = new HashSet<int>();
        for (var device = 1; platform.Pci is { } pci && device < devices; device++)
        {
            for (var pin = 1; pin <= pins; pin++)
            {
                ofPci.Add(pci.Gsi(device, pin));
                yield return Entry(platform, PciBus, device << 2 | (pin - 1), pci.Gsi(device, pin), ConformsToBus);
            }
        }
        for (var irq = 0; irq < isaInterrupts; irq++)
        {
            // The timer's ISA interrupt 0 is wired to input 2, because input 0 takes the PIC's output. What PCI uses is not ISA's.
            if (irq != cascade && !ofPci.Contains(irq))
                yield return Entry(platform, IsaBus, irq, irq == 0 ? timerInput : irq, irq == platform.Power.SciIrq ? LevelActiveHigh : ConformsToBus);
        }
    }

    private static byte[] Entry(AcpiPlatform platform, int bus, int source, int input, int flags) =>
        new ByteWriter().U8(Interrupt).U8(VectoredInterrupt).U16(flags).U8(bus).U8(source).U8(platform.IoApicId).U8(input).ToArray();

    private static byte[] LocalEntry(int type, int input) =>
        new ByteWriter().U8(LocalInterrupt).U8(type).U16(ConformsToBus).U8(IsaBus).U8(0).U8(AllApics).U8(input).ToArray();
}
