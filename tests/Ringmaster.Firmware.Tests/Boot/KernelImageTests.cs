using Ringmaster.Firmware.Boot;
using Ringmaster.Firmware.Tests.Images;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.Tests.Boot;

public sealed class KernelImageTests : IDisposable
{
    private readonly TestGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    public static TheoryData<byte[], string?> Formats => new()
    {
        { new LinuxImage().ToArray(), "Linux bzImage" },
        { MultibootFile.Header(0), "multiboot" },
        { new ElfFile { Code = MultibootFile.Header(0), Note = ElfFile.PvhNote(1) }.ToArray(), "multiboot" },
        { new ElfFile { Note = ElfFile.PvhNote(1) }.ToArray(), "PVH" },
        { new ElfFile().ToArray(), "ELF" },
        { [0xF4], null },
        { [], null },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_format_is_found_by_looking(byte[] image, string? expected) =>
        Assert.Equal(expected, KernelImage.Identify(new BootRequest(image)));

    [Fact]
    public void A_bzImage_with_a_multiboot_header_in_it_is_a_bzImage()
    {
        var image = new LinuxImage().ToArray();
        MultibootFile.Header(0).CopyTo(image, LinuxImage.SetupSize);

        Assert.Equal("Linux bzImage", KernelImage.Identify(new BootRequest(image)));
    }

    [Fact]
    public void A_load_address_makes_any_image_raw() =>
        Assert.Equal("raw binary", KernelImage.Identify(new BootRequest(new ElfFile().ToArray()) { LoadAddress = new(0x7C00) }));

    [Theory]
    [InlineData(0x7C00ul, 0x0000, 0x7C00ul, 0x7C00ul)]
    [InlineData(0x0ul, 0x0000, 0x0ul, 0xFFF0ul)]
    [InlineData(0x1_2345ul, 0x1234, 0x5ul, 0xFFF0ul)]
    [InlineData(0xF_0000ul, 0xF000, 0x0ul, 0xFFF0ul)]
    public void A_raw_binary_below_1_MiB_starts_in_real_mode(ulong address, int segment, ulong offset, ulong stack)
    {
        var cpu = _guest.Load(new BootRequest(new byte[] { 0xF4 }) { LoadAddress = new(address) }).Cpu;

        Assert.Equal((segment, offset, stack), (cpu.Cs.Selector, cpu.Rip, cpu.Registers[4]));
        Assert.Equal(address, cpu.Cs.Base + cpu.Rip);
        Assert.Equal(0ul, cpu.Cr0 & 1);
        Assert.Equal(0xF4, _guest.Bytes(address, 1)[0]);
    }

    [Fact]
    public void A_raw_binary_from_1_MiB_on_starts_in_32_bit_mode()
    {
        var cpu = _guest.Load(new BootRequest(new byte[] { 0xF4 }) { LoadAddress = new(0x20_0000) }).Cpu;

        Assert.Equal((0x20_0000ul, 1ul), (cpu.Rip, cpu.Cr0 & 1));
        Assert.True(cpu.Cs.Attributes.IsBig);
    }

    public static TheoryData<BootRequest, string> Refusals => new()
    {
        { new BootRequest(Array.Empty<byte>()), "empty" },
        { new BootRequest(new byte[64]), "neither" },
        { new BootRequest(new byte[64]) { LoadAddress = new(16 << 20) }, "another load address" },
        { new BootRequest(new byte[64]) { LoadAddress = new(ulong.MaxValue) }, "another load address" },
        { new BootRequest(new byte[64]) { LoadAddress = new((16 << 20) - 63) }, "another load address" },
        { new BootRequest(new byte[64]) { LoadAddress = new(0xA0000) }, "another load address" },
        { new BootRequest(new byte[64]) { LoadAddress = new(0), CommandLine = "x" }, "neither a command line" },
        { new BootRequest(new ElfFile().ToArray()) { Entry = BootEntry.RealMode }, "entry mode" },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void What_cannot_be_booted_is_refused_with_a_remedy(BootRequest request, string expected) =>
        Assert.Contains(expected, _guest.Refusal(request), StringComparison.Ordinal);

    [Fact]
    public void A_map_that_promises_more_than_there_is_ends_in_a_sentence_too()
    {
        var map = MemoryMap.Create([new RamRange(new(0), 1ul << 30)], []);
        var request = new BootRequest(new ElfFile { PhysicalAddress = 0x1000_0000 }.ToArray());

        Assert.Contains(
            "memory map", Assert.Throws<KernelLoadException>(() => KernelImage.Load(request, _guest.Memory, map)).Message, StringComparison.Ordinal);
    }
}
