namespace Ringmaster.Firmware.Boot;

/// <summary>A file handed to the kernel: an initrd, or a multiboot or PVH module.</summary>
/// <param name="Name">The file's name, for multiboot and for error messages.</param>
/// <param name="Content">The bytes.</param>
/// <param name="Arguments">What the kernel is told about it; Linux has no use for it.</param>
public sealed record BootModule(string Name, ReadOnlyMemory<byte> Content, string Arguments = "")
{
    /// <summary>
    /// The string of a multiboot module: name, space, arguments. The name is part of it because kernels skip the first word
    /// unless they know the boot loader not to pass one.
    /// </summary>
    internal string MultibootString => Arguments.Length == 0 ? Name : $"{Name} {Arguments}";
}
