using System.Buffers.Binary;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>Programs from the distribution that firmware runs beside its own.</summary>
internal static class OptionRom
{
    /// <summary>The one by which SeaBIOS starts the kernel that is in fw_cfg.</summary>
    public const string KernelStarter = "linuxboot_dma.bin";

    /// <summary>Reads <see cref="KernelStarter"/>.</summary>
    /// <exception cref="MachineSetupException">It is not there.</exception>
    public static ReadOnlyMemory<byte> ReadKernelStarter() => Read($"/usr/share/qemu/{KernelStarter}", "qemu-system-data");

    private const ushort E1000Id = 0x100E, VirtioId = 0x1000;

    /// <summary>Reads the program by which firmware boots from a network card, if the machine is to boot from one.</summary>
    /// <exception cref="MachineSetupException">It is not there.</exception>
    public static ReadOnlyMemory<byte> ForNetwork(MachineConfig config, int index)
    {
        var targets = new BootTargets(config.Disks, config.Networks);
        if (config.Firmware is not { } firmware || !config.Boot.Order.Any(word => targets.NetworksOf(word).Contains(index)))
            return default;
        var (name, id) = config.Networks[index].Model == NetModel.E1000 ? ("e1000", E1000Id) : ("virtio", VirtioId);
        var rom = Read($"/usr/lib/ipxe/qemu/{(firmware.HasVariables ? "efi" : "pxe")}-{name}.rom", "ipxe-qemu");
        NameDevice(rom, id);
        return rom;
    }

    /// <summary>
    /// Has the program name the device that it is for (PCI Local Bus 3.0 section 6.3.1.2): one for several names only one of them, and
    /// SeaBIOS looks at no other.
    /// </summary>
    internal static void NameDevice(Span<byte> rom, ushort device)
    {
        const int dataPointer = 0x18, deviceId = 6, checksum = 6;
        if (rom.Length < dataPointer + 2)
            return;
        var at = BinaryPrimitives.ReadUInt16LittleEndian(rom[dataPointer..]);
        if (at + deviceId + 2 > rom.Length || !rom[at..].StartsWith("PCIR"u8))
            return;
        var field = rom.Slice(at + deviceId, 2);
        var before = field[0] + field[1];
        BinaryPrimitives.WriteUInt16LittleEndian(field, device);
        // The bytes of a BIOS's program add up to 0; network programs leave this one for that.
        rom[checksum] = (byte)(rom[checksum] + before - field[0] - field[1]);
    }

    private static byte[] Read(string path, string package) => MachineFile.Read(path, "option ROM", $"Install the package {package}.");
}
