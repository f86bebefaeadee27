using System.Buffers.Binary;
using System.Text;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.FwCfg;

/// <summary>The content of the fw_cfg device: what SeaBIOS and OVMF read from it. Signature, features and directory are the device's own.</summary>
/// <param name="Items">Items by number.</param>
/// <param name="Files">Items by name.</param>
public sealed record FwCfgContent(IReadOnlyList<(FwCfgKey Key, byte[] Content)> Items, IReadOnlyList<(string Name, byte[] Content)> Files)
{
    private const ulong VideoStart = 0xA0000, BiosEnd = 0x10_0000;

    /// <summary>Builds the content.</summary>
    /// <exception cref="Boot.KernelLoadException">The kernel is no usable Linux bzImage, or the initrd does not fit.</exception>
    public static FwCfgContent Build(FwCfgPlatform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        var ramSize = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(ramSize, platform.Ram.Aggregate(0ul, (sum, range) => sum + range.Length));
        var items = new List<(FwCfgKey, byte[])>
        {
            (FwCfgKey.RamSize, ramSize),
            (FwCfgKey.CpuCount, U16(platform.CpuCount)),
            (FwCfgKey.MaxCpuCount, U16(Math.Max(platform.MaxCpuCount ?? 0, platform.CpuCount))),
            (FwCfgKey.Irq0Override, U32(1)),
        };
        if (platform.Kernel is { } kernel)
            items.AddRange(FwCfgKernel.Items(kernel, platform.Ram));

        var files = new List<(string, byte[])> { ("etc/e820", E820(platform)) };
        if (platform.Acpi is { } acpi)
        {
            files.Add((TableLoaderScript.TablesFile, acpi.Tables.AsSpan().ToArray()));
            files.Add((TableLoaderScript.RsdpFile, acpi.Rsdp.AsSpan().ToArray()));
            files.Add(("etc/table-loader", TableLoaderScript.Build(acpi)));
        }
        if (platform.Smbios is { } smbios)
        {
            // The firmware fills in the address and the checksum; both accept the 2.8 entry point, not all the 3.0 one.
            files.Add(("etc/smbios/smbios-anchor", smbios.Entry32(new GuestPhysicalAddress(0))));
            files.Add(("etc/smbios/smbios-tables", smbios.Structures.AsSpan().ToArray()));
        }
        if (platform.BootOrder.Count > 0)
            files.Add(("bootorder", Encoding.ASCII.GetBytes(string.Join('\n', platform.BootOrder) + "\0")));
        return new FwCfgContent(items, files);
    }

    internal static byte[] U32(uint value) => new ByteWriter().U32(value).ToArray();

    private static byte[] U16(int value) => new ByteWriter().U16(value).ToArray();

    /// <summary>RAM in whole, the BIOS's area included: the firmware itself takes out what it uses below 1 MiB.</summary>
    private static byte[] E820(FwCfgPlatform platform)
    {
        var ram = new List<MemoryMapEntry>();
        foreach (var range in platform.Ram.OrderBy(r => r.Start.Value))
        {
            if (ram.Count > 0 && ram[^1].End.Value >= VideoStart && range.Start.Value < BiosEnd)
                ram[^1] = ram[^1] with { Length = range.End - ram[^1].Start };
            else
                ram.Add(new MemoryMapEntry(range.Start, range.Length, MemoryMapType.Usable));
        }
        var table = new ByteWriter();
        foreach (var entry in ram.Concat(platform.Reserved))
            table.U64(entry.Start.Value).U64(entry.Length).U32((uint)entry.Type);
        return table.ToArray();
    }
}
