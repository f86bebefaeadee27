using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.Boot;

/// <summary>
/// PC firmware in ROM. It ends at 4 GiB, where a processor fetches its first instruction (SDM 3A 9.1.4), and its last part is
/// also below 1 MiB, where its real-mode code expects to be. That copy is in RAM, as after a chipset's shadowing.
/// </summary>
public sealed class FirmwareImage
{
    private const ulong FourGibibytes = 0x1_0000_0000, OneMebibyte = 0x10_0000;
    private const int PageSize = 4 << 10, LeastSize = 64 << 10, MostSize = 16 << 20, LargestShadow = 128 << 10;
    private readonly ReadOnlyMemory<byte> _content;

    /// <summary>Takes an image.</summary>
    /// <exception cref="KernelLoadException">Its size is that of no firmware.</exception>
    public FirmwareImage(ReadOnlyMemory<byte> content)
    {
        if (SizeProblem(content.Length) is { } problem)
            throw new KernelLoadException($"The firmware image {problem}");
        _content = content;
    }

    /// <summary>The ROM at the top of the first 4 GiB.</summary>
    public RomImage Rom => new(new(FourGibibytes - (ulong)_content.Length), _content);

    /// <summary>What is wrong with a size in bytes: the rest of a sentence that begins with the image. Null if nothing is.</summary>
    public static string? SizeProblem(long bytes) => bytes is >= LeastSize and <= MostSize && bytes % PageSize == 0
        ? null
        : $"is no PC firmware: it has {bytes} bytes, and firmware has a multiple of 4 KiB from 64 KiB to 16 MiB. Name for example "
            + "SeaBIOS's bios-256k.bin.";

    /// <summary>Makes the copy below 1 MiB, and says how the bootstrap processor starts.</summary>
    /// <param name="memory">Guest memory that has <see cref="Rom"/>.</param>
    /// <param name="cpuSignature">CPUID leaf 1's EAX.</param>
    public BootResult Load(GuestMemory memory, uint cpuSignature)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var shadow = _content[^Math.Min(_content.Length, LargestShadow)..];
        if (!memory.TryWrite(new(OneMebibyte - (ulong)shadow.Length), shadow.Span))
            throw new KernelLoadException("There is no RAM below 1 MiB for the firmware's copy; give the VM at least 1 MiB of memory.");
        return new BootResult(CpuState.PowerUp(cpuSignature), "firmware, reset vector");
    }
}
