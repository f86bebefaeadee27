using System.Buffers.Binary;
using System.Text;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.FwCfg;

/// <summary>The content of the fw_cfg device: what SeaBIOS and OVMF read from it. Signature, features and directory are the device's own.</summary>
/// <param name="Items">Items by number.</param>
/// <param name="Files">Items by name.</param>
public sealed record FwCfgContent(IReadOnlyList<(FwCfgKey Key, byte[] Content)> Items, IReadOnlyList<(string Name, byte[] Content)> Files)
{
    private const string OptionRomFolder = "genroms";

    /// <summary>The path of an option ROM in <see cref="FwCfgPlatform.BootOrder"/>.</summary>
    public static string OptionRomPath(string name) => $"/rom@{OptionRomFolder}/{name}";

    /// <summary>Builds the content.</summary>
    /// <exception cref="Boot.KernelLoadException">The kernel is no usable Linux bzImage, or the initrd does not fit.</exception>
    public static FwCfgContent Build(FwCfgPlatform platform)
    {
        ArgumentNullException.ThrowIfNull(platform);
        var ram = PcRam.JoinAcrossVideoHole(platform.Ram);
        var ramSize = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(ramSize, PcRam.Size(ram));
        var items = new List<(FwCfgKey, byte[])>
        {
            (FwCfgKey.RamSize, ramSize),
            (FwCfgKey.CpuCount, U16(platform.CpuCount)),
            (FwCfgKey.MaxCpuCount, U16(Math.Max(platform.MaxCpuCount ?? 0, platform.CpuCount))),
            (FwCfgKey.Irq0Override, U32(1)),
        };
        if (platform.Kernel is { } kernel)
            items.AddRange(FwCfgKernel.Items(kernel, platform.Ram));

        var files = new List<(string, byte[])> { ("etc/e820", E820(ram, platform.Reserved)) };
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
        if (platform.BootMenu is { } wait)
        {
            items.Add((FwCfgKey.BootMenu, U16(1)));
            files.Add(("etc/boot-menu-wait", U16((int)Math.Clamp(wait.TotalMilliseconds, 0, ushort.MaxValue))));
        }
        if (platform.SerialConsole is { } console)
            files.Add(("etc/sercon-port", U16(console.Value)));
        foreach (var (name, rom) in platform.OptionRoms)
            files.Add(($"{OptionRomFolder}/{name}", rom.ToArray()));
        if (platform.BootOrder.Count > 0)
            files.Add(("bootorder", Encoding.ASCII.GetBytes(string.Join('\n', platform.BootOrder) + "\0")));
        return new FwCfgContent(items, files);
    }

    internal static byte[] U32(uint value) => new ByteWriter().U32(value).ToArray();

    private static byte[] U16(int value) => new ByteWriter().U16(value).ToArray();

    /// <summary>RAM in whole, the BIOS's area included: the firmware itself takes out what it uses below 1 MiB.</summary>
    private static byte[] E820(IEnumerable<RamRange> ram, IEnumerable<MemoryMapEntry> reserved)
    {
        var table = new ByteWriter();
        foreach (var entry in ram.Select(r => new MemoryMapEntry(r.Start, r.Length, MemoryMapType.Usable)).Concat(reserved))
            table.U64(entry.Start.Value).U64(entry.Length).U32((uint)entry.Type);
        return table.ToArray();
    }
}
