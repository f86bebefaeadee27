using Ringmaster.Firmware.Boot;
using Ringmaster.Firmware.Tests.Images;

namespace Ringmaster.Firmware.Tests.Boot;

public sealed class MultibootLoaderTests : IDisposable
{
    private readonly TestGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_ELF_kernel_starts_in_32_bit_mode_with_magic_in_eax_and_information_in_ebx(bool is64Bit)
    {
        var file = new ElfFile { Is64Bit = is64Bit, Code = MultibootFile.Header(3), Entry = 0x10_0008 };

        var result = _guest.Load(new BootRequest(file.ToArray()) { KernelName = "unit.elf", CommandLine = "-a 1" });

        var info = result.Cpu.Registers[3];
        Assert.Equal("multiboot, 32-bit entry", result.Format);
        Assert.Equal((0x10_0008ul, 0x2BAD_B002ul, 0x11ul), (result.Cpu.Rip, result.Cpu.Registers[0], result.Cpu.Cr0));
        Assert.Equal(0b10_0100_1101u, _guest.U32(info));
        Assert.Equal((639u, 15u << 10), (_guest.U32(info + 4), _guest.U32(info + 8)));
        Assert.Equal("unit.elf -a 1", _guest.Text(_guest.U32(info + 16)));
        Assert.Equal("Ringmaster", _guest.Text(_guest.U32(info + 64)));
        var map = _guest.U32(info + 48);
        Assert.Equal((uint)_guest.Map.Entries.Count * 24, _guest.U32(info + 44));
        Assert.Equal((20u, 0ul, 0x9FC00ul, 1u), (_guest.U32(map), _guest.U64(map + 4), _guest.U64(map + 12), _guest.U32(map + 20)));
    }

    [Fact]
    public void Modules_lie_on_pages_and_carry_name_and_arguments()
    {
        var file = new ElfFile { Is64Bit = false, Code = MultibootFile.Header(1) };

        var info = _guest.Load(new BootRequest(file.ToArray())
        {
            Modules = [new("one", new byte[] { 1, 2, 3 }, "x y"), new("two", new byte[] { 4 })],
        }).Cpu.Registers[3];

        var list = _guest.U32(info + 24);
        Assert.Equal(2u, _guest.U32(info + 20));
        Assert.Equal(3u, _guest.U32(list + 4) - _guest.U32(list));
        Assert.Equal((0u, 0u), (_guest.U32(list) % 4096, _guest.U32(list + 16) % 4096));
        Assert.Equal([1, 2, 3], _guest.Bytes(_guest.U32(list), 3));
        Assert.Equal("one x y", _guest.Text(_guest.U32(list + 8)));
        Assert.Equal("two", _guest.Text(_guest.U32(list + 24)));
    }

    [Theory]
    [InlineData(0u, 0u, 40)]
    [InlineData(0x10_0020u, 0u, 32)]
    [InlineData(0x10_0020u, 0x10_0100u, 32)]
    public void A_file_that_is_no_ELF_goes_where_its_header_says(uint loadEnd, uint bssEnd, int loaded)
    {
        _guest.Memory.Window(new(0x10_0000), 0x200).Fill(0xEE);
        var file = MultibootFile.WithAddresses(0x10_0000, loadEnd, bssEnd, 0x10_0024);

        var cpu = _guest.Load(new BootRequest(file)).Cpu;

        Assert.Equal(0x10_0024ul, cpu.Rip);
        Assert.Equal(file[..loaded], _guest.Bytes(0x10_0000, loaded));
        Assert.Equal(bssEnd == 0 ? 0xEE : 0, _guest.Bytes((ulong)(0x10_0000 + loaded), 1)[0]);
        Assert.Equal(0xEE, _guest.Bytes(0x10_0100, 1)[0]);
    }

    public static TheoryData<string, byte[], string> Refusals => new()
    {
        { "unknown requirement", MultibootFile.Header(8), "features" },
        { "no addresses", MultibootFile.Header(0), "no ELF file" },
        { "header above", MultibootFile.WithAddresses(0x10_0000, 0, 0, 0, 0x20_0000), "load addresses" },
        { "header below", MultibootFile.WithAddresses(0x10_0000, 0, 0, 0, 0xF_0000), "load addresses" },
        { "end beyond file", MultibootFile.WithAddresses(0x10_0000, 0x20_0000, 0, 0), "too short" },
        { "bss before end", MultibootFile.WithAddresses(0x10_0000, 0, 0x10_0008, 0), "before its code" },
        { "outside RAM", MultibootFile.WithAddresses(0xE000_0000, 0, 0, 0), "more memory" },
        { "bss outside RAM", MultibootFile.WithAddresses(0x10_0000, 0, 0xFFFF_FFFF, 0), "more memory" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_be_booted_is_refused_with_a_remedy(string what, byte[] file, string expected)
    {
        Assert.NotEmpty(what);
        Assert.Contains(expected, _guest.Refusal(new BootRequest(file)), StringComparison.Ordinal);
    }
}
