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

    /// <summary>Reads the program by which firmware boots from a network card, if the machine is to boot from one.</summary>
    /// <exception cref="MachineSetupException">It is not there.</exception>
    public static ReadOnlyMemory<byte> ForNetwork(MachineConfig config, int index) =>
        config.Firmware is null || !(config.Boot.Order.Contains(BootConfig.Net) || config.Boot.Order.Contains($"{BootConfig.Net}{index}"))
            ? default
            : Read($"/usr/lib/ipxe/qemu/efi-{(config.Networks[index].Model == NetModel.E1000 ? "e1000" : "virtio")}.rom", "ipxe-qemu");

    private static ReadOnlyMemory<byte> Read(string path, string package)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new MachineSetupException($"The option ROM {path} cannot be read: {error.Message} Install the package {package}.", error);
        }
    }
}
