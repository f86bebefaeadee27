using Ringmaster.Firmware.Boot;
using Ringmaster.Firmware.Tests.Images;

namespace Ringmaster.Firmware.Tests.Boot;

public sealed class LinuxLoaderTests : IDisposable
{
    private readonly TestGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void A_64_bit_kernel_starts_in_long_mode_at_0x200_with_the_zero_page_in_rsi()
    {
        var result = _guest.Load(new BootRequest(new LinuxImage().ToArray()) { CommandLine = "console=ttyS0", Rsdp = new(0xE0000) });

        var cpu = result.Cpu;
        var zeroPage = cpu.Registers[6];
        Assert.Equal("Linux bzImage, 64-bit entry", result.Format);
        Assert.Equal(0x20_0200ul, cpu.Rip);
        Assert.Equal(0xCC, _guest.Bytes(0x20_0000, 1)[0]);
        Assert.Equal((0x8000_0011ul, 0x20ul, 0x500ul), (cpu.Cr0, cpu.Cr4, cpu.Msr.Efer));
        Assert.Equal((0x10, 0x18, 0x18), (cpu.Cs.Selector, cpu.Ds.Selector, cpu.Ss.Selector));
        Assert.True(cpu.Cs.Attributes.IsLong);
        Assert.Equal(0ul, cpu.Rflags & 0x200);
        Assert.Equal("HdrS"u8.ToArray(), _guest.Bytes(zeroPage + 0x202, 4));
        Assert.Equal(0x20_0000u, _guest.U32(zeroPage + 0x214));
        Assert.Equal(0xFF, _guest.Bytes(zeroPage + 0x210, 1)[0]);
        Assert.Equal(0xE0000ul, _guest.U64(zeroPage + 0x70));
        Assert.Equal("console=ttyS0", _guest.Text(_guest.U32(zeroPage + 0x228)));
        Assert.Equal(_guest.Map.Entries.Count, _guest.Bytes(zeroPage + 0x1E8, 1)[0]);
        Assert.Equal(_guest.Map.ToE820(), _guest.Bytes(zeroPage + 0x2D0, _guest.Map.Entries.Count * 20));
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(0x20_0200ul)]
    [InlineData(0x4000_0000ul)]
    [InlineData(0xFFFF_FFFFul)]
    public void The_page_tables_map_the_first_4_GiB_one_to_one(ulong linear)
    {
        var cpu = _guest.Load(new BootRequest(new LinuxImage().ToArray())).Cpu;

        var pml4e = _guest.U64(cpu.Cr3 + (linear >> 39 & 511) * 8);
        var pdpte = _guest.U64((pml4e & ~0xFFFul) + (linear >> 30 & 511) * 8);
        var pde = _guest.U64((pdpte & ~0xFFFul) + (linear >> 21 & 511) * 8);
        Assert.Equal((3ul, 3ul, 0x83ul), (pml4e & 0xFFF, pdpte & 0xFFF, pde & 0xFFF));
        Assert.Equal(linear, (pde & ~0x1F_FFFFul) + (linear & 0x1F_FFFF));
    }

    [Fact]
    public void The_GDT_holds_what_the_segment_registers_hold()
    {
        var cpu = _guest.Load(new BootRequest(new LinuxImage().ToArray())).Cpu;

        Assert.Equal(31, cpu.Gdtr.Limit);
        Assert.Equal(0x00AF_9B00_0000_FFFFul, _guest.U64(cpu.Gdtr.Base + cpu.Cs.Selector));
        Assert.Equal(0x00CF_9300_0000_FFFFul, _guest.U64(cpu.Gdtr.Base + cpu.Ds.Selector));
    }

    [Theory]
    [InlineData((ushort)0, BootEntry.Automatic)]
    [InlineData((ushort)1, BootEntry.ProtectedMode)]
    public void A_kernel_is_entered_in_32_bit_mode_if_it_must_or_is_asked_to(ushort xLoadFlags, BootEntry entry)
    {
        var cpu = _guest.Load(new BootRequest(new LinuxImage { XLoadFlags = xLoadFlags }.ToArray()) { Entry = entry }).Cpu;

        Assert.Equal((0x20_0000ul, 0x11ul, 0ul, 0ul), (cpu.Rip, cpu.Cr0, cpu.Cr4, cpu.Msr.Efer));
        Assert.True(cpu.Cs.Attributes.IsBig);
        Assert.False(cpu.Cs.Attributes.IsLong);
        Assert.Equal("HdrS"u8.ToArray(), _guest.Bytes(cpu.Registers[6] + 0x202, 4));
        Assert.Equal((0ul, 0ul, 0ul), (cpu.Registers[3], cpu.Registers[5], cpu.Registers[7]));
    }

    [Fact]
    public void Real_mode_entry_puts_set_up_code_at_0x90000_and_starts_behind_the_boot_sector()
    {
        var cpu = _guest.Load(new BootRequest(new LinuxImage().ToArray()) { Entry = BootEntry.RealMode, CommandLine = "quiet" }).Cpu;

        Assert.Equal((0x9020, 0x9_0200ul, 0ul), (cpu.Cs.Selector, cpu.Cs.Base, cpu.Rip));
        Assert.Equal((0x9000, 0x9000, 0xE000ul), (cpu.Ds.Selector, cpu.Ss.Selector, cpu.Registers[4]));
        Assert.Equal(0ul, cpu.Cr0 & 1);
        Assert.Equal("HdrS"u8.ToArray(), _guest.Bytes(0x9_0202, 4));
        Assert.Equal(0x81, _guest.Bytes(0x9_0211, 1)[0]);
        Assert.Equal("quiet", _guest.Text(_guest.U32(0x9_0228)));
        Assert.Equal(0xCC, _guest.Bytes(0x10_0000, 1)[0]);
    }

    [Theory]
    [InlineData(0x7FFF_FFFFu, (ushort)3, 0x00FF_E000u)]
    [InlineData(0x007F_FFFFu, (ushort)1, 0x007F_E000u)]
    [InlineData(0x007F_FFFFu, (ushort)3, 0x00FF_E000u)]
    public void An_initrd_goes_to_the_highest_pages_that_the_kernel_allows(uint addressMax, ushort xLoadFlags, uint expected)
    {
        var image = new LinuxImage { InitrdAddressMax = addressMax, XLoadFlags = xLoadFlags };
        var initrd = new byte[4097];
        initrd[4096] = 7;

        var zeroPage = _guest.Load(new BootRequest(image.ToArray()) { Modules = [new("initrd", initrd)] }).Cpu.Registers[6];

        Assert.Equal(expected, _guest.U32(zeroPage + 0x218));
        Assert.Equal(4097u, _guest.U32(zeroPage + 0x21C));
        Assert.Equal(7, _guest.Bytes(expected + 4096, 1)[0]);
    }

    [Fact]
    public void Several_initrds_are_joined_at_multiples_of_four_bytes()
    {
        var request = new BootRequest(new LinuxImage().ToArray())
        {
            Modules = [new("a", new byte[] { 1, 2, 3, 4, 5 }), new("b", new byte[] { 6, 7 })],
        };

        var zeroPage = _guest.Load(request).Cpu.Registers[6];

        Assert.Equal(10u, _guest.U32(zeroPage + 0x21C));
        Assert.Equal([1, 2, 3, 4, 5, 0, 0, 0, 6, 7], _guest.Bytes(_guest.U32(zeroPage + 0x218), 10));
    }

    [Fact]
    public void A_command_line_may_be_as_long_as_the_kernel_says_and_no_longer()
    {
        var image = new LinuxImage { CommandLineSize = 10 }.ToArray();

        _guest.Load(new BootRequest(image) { CommandLine = "0123456789" });
        Assert.Contains("at most 10", _guest.Refusal(new BootRequest(image) { CommandLine = "0123456789a" }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_zero_page_carries_only_the_header_that_the_kernel_has()
    {
        var image = new LinuxImage { PreferredAddress = 0 }.ToArray();
        image[0x201] = 0x62;
        image[0x264] = 0x55;

        var zeroPage = _guest.Load(new BootRequest(image)).Cpu.Registers[6];

        Assert.Equal(0, _guest.Bytes(zeroPage + 0x264, 1)[0]);
    }

    [Fact]
    public void The_last_paragraph_may_be_there_in_part_only()
    {
        var image = new LinuxImage().ToArray();
        using var guest = new TestGuest();

        var result = guest.Load(new BootRequest(image.AsMemory(..^15)));

        Assert.Contains("Linux bzImage", result.Format, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "old", "older than 2.02" },
        { "zImage", "zImage" },
        { "truncated", "truncated" },
        { "alignment", "power of two" },
        { "initSize", "more memory" },
        { "preferred", "more memory" },
        { "fixedAddress", "more memory" },
        { "initrd", "smaller file" },
        { "nul", "NUL" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_be_booted_is_refused_with_a_remedy(string what, string expected)
    {
        var image = new LinuxImage();
        var request = what switch
        {
            "old" => new BootRequest((image with { Version = 0x201 }).ToArray()),
            "zImage" => new BootRequest((image with { LoadFlags = 0 }).ToArray()),
            "truncated" => new BootRequest(image.ToArray().AsMemory(..^16)),
            "alignment" => new BootRequest((image with { Alignment = 3 }).ToArray()),
            "initSize" => new BootRequest((image with { InitSize = 16 << 20 }).ToArray()),
            "preferred" => new BootRequest((image with { PreferredAddress = ulong.MaxValue - 5 }).ToArray()),
            "fixedAddress" => new BootRequest((image with { Relocatable = false, PreferredAddress = 0x1000_0000 }).ToArray()),
            "initrd" => new BootRequest(image.ToArray()) { Modules = [new("big", new byte[16 << 20])] },
            _ => new BootRequest(image.ToArray()) { CommandLine = "a\0b" },
        };

        Assert.Contains(expected, _guest.Refusal(request), StringComparison.Ordinal);
    }
}
