using Ringmaster.Firmware.Boot;
using Ringmaster.Firmware.Tests.Images;

namespace Ringmaster.Firmware.Tests.Boot;

public sealed class ElfLoaderTests : IDisposable
{
    private readonly TestGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(true, 0x8000_0011ul, 0x500ul)]
    [InlineData(false, 0x11ul, 0ul)]
    public void The_files_class_decides_the_mode(bool is64Bit, ulong cr0, ulong efer)
    {
        var cpu = _guest.Load(new BootRequest(new ElfFile { Is64Bit = is64Bit, Entry = 0x10_0001 }.ToArray())).Cpu;

        Assert.Equal((0x10_0001ul, cr0, efer), (cpu.Rip, cpu.Cr0, cpu.Msr.Efer));
        Assert.Equal([0xF4, 0xEB, 0xFD], _guest.Bytes(0x10_0000, 3));
    }

    [Theory]
    [InlineData(0xFFFF_FFFF_8010_0002ul, 0x10_0002ul)]
    [InlineData(0x10_0002ul, 0x10_0002ul)]
    public void A_kernel_linked_high_is_entered_at_its_physical_address(ulong entry, ulong expected)
    {
        var file = new ElfFile { VirtualAddress = 0xFFFF_FFFF_8010_0000, Entry = entry };

        Assert.Equal(expected, _guest.Load(new BootRequest(file.ToArray())).Cpu.Rip);
    }

    [Fact]
    public void Memory_beyond_the_files_bytes_is_zeroed()
    {
        Assert.True(_guest.Memory.TryWrite(new(0x10_0003), [9, 9, 9]));

        _guest.Load(new BootRequest(new ElfFile { MemorySize = 5 }.ToArray()));

        Assert.Equal([0xFD, 0, 0, 9], _guest.Bytes(0x10_0002, 4));
    }

    [Fact]
    public void What_the_boot_needs_keeps_clear_of_a_kernel_in_low_memory()
    {
        var file = new ElfFile { PhysicalAddress = 0x1000, VirtualAddress = 0x1000, Entry = 0x1000, MemorySize = 0x8000 };

        var cpu = _guest.Load(new BootRequest(file.ToArray())).Cpu;

        Assert.True(cpu.Cr3 >= 0x9000);
        Assert.True(cpu.Gdtr.Base >= 0x9000);
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "header", "truncated" },
        { "segment", "truncated" },
        { "machine", "for x86" },
        { "object", "link it" },
        { "outside", "more memory" },
        { "huge", "more memory" },
        { "tables", "not all usable RAM" },
        { "larger in file", "larger in the file" },
        { "empty", "nothing to load" },
        { "entry", "above 4 GiB" },
        { "no room", "no room for the page tables" },
        { "command line", "command line" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_be_booted_is_refused_with_a_remedy(string what, string expected)
    {
        var file = new ElfFile();
        var bytes = what switch
        {
            "header" => file.ToArray()[..60],
            "segment" => file.ToArray()[..^1],
            "machine" => (file with { Machine = 183 }).ToArray(),
            "object" => (file with { Type = 1 }).ToArray(),
            "outside" => (file with { PhysicalAddress = 1ul << 40 }).ToArray(),
            "huge" => (file with { MemorySize = ulong.MaxValue }).ToArray(),
            "tables" => (file with { PhysicalAddress = 0xF0000 }).ToArray(),
            "larger in file" => (file with { MemorySize = 2 }).ToArray(),
            "empty" => (file with { Code = [] }).ToArray(),
            "entry" => (file with { Entry = 1ul << 33 }).ToArray(),
            "no room" => (file with { PhysicalAddress = 0x1000, MemorySize = 0x9B000 }).ToArray(),
            _ => file.ToArray(),
        };

        Assert.Contains(
            expected, _guest.Refusal(new BootRequest(bytes) { CommandLine = what == "command line" ? "x" : "" }), StringComparison.Ordinal);
    }
}
