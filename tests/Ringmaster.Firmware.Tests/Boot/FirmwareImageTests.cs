using Ringmaster.Firmware.Boot;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.Tests.Boot;

public sealed class FirmwareImageTests
{
    private const uint Signature = 0x0080_6F8;

    [Theory]
    [InlineData(64, 64)]
    [InlineData(128, 128)]
    [InlineData(256, 128)]
    [InlineData(3568, 128)]
    [InlineData(4096, 128)]
    public void It_ends_at_4_GiB_and_its_last_part_at_1_MiB(int kibibytes, int shadowKibibytes)
    {
        var content = Content(kibibytes);
        var image = new FirmwareImage(content);
        using var memory = GuestMemory.CreatePc(16 << 20, image.Rom);

        var result = image.Load(memory, Signature);

        Assert.Equal(content, Read(memory, 0x1_0000_0000 - (ulong)content.Length, content.Length));
        Assert.Equal(content[^(shadowKibibytes << 10)..], Read(memory, 0x10_0000 - ((ulong)shadowKibibytes << 10), shadowKibibytes << 10));
        Assert.Equal((0xFFFF_0000UL, 0xFFF0UL), (result.Cpu.Cs.Base, result.Cpu.Rip));
        Assert.Equal(Signature, result.Cpu.Registers[2]);
    }

    [Fact]
    public void Loading_again_restores_the_part_in_RAM()
    {
        var content = Content(128);
        var image = new FirmwareImage(content);
        using var memory = GuestMemory.CreatePc(16 << 20, image.Rom);
        image.Load(memory, Signature);
        memory.TryWrite(new(0xF_FFF0), 0UL);

        image.Load(memory, Signature);

        Assert.Equal(content[^16..], Read(memory, 0xF_FFF0, 16));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65535)]
    [InlineData(102 << 10)]
    [InlineData(32 << 20)]
    public void Files_of_other_sizes_are_refused(int bytes)
    {
        var error = Assert.Throws<KernelLoadException>(() => new FirmwareImage(new byte[bytes]));

        Assert.Contains("64 KiB", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Content(int kibibytes)
    {
        var content = new byte[kibibytes << 10];
        new Random(kibibytes).NextBytes(content);
        return content;
    }

    private static byte[] Read(GuestMemory memory, ulong address, int length)
    {
        var bytes = new byte[length];
        Assert.True(memory.TryRead(new(address), bytes));
        return bytes;
    }
}
