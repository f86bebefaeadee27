using Ringmaster.Firmware.Boot;
using Ringmaster.Firmware.Tests.Images;

namespace Ringmaster.Firmware.Tests.Boot;

public sealed class PvhLoaderTests : IDisposable
{
    private readonly TestGuest _guest = new();
    private readonly byte[] _kernel = new ElfFile { Note = ElfFile.PvhNote(0x10_0001) }.ToArray();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void The_kernel_starts_at_the_notes_address_in_32_bit_mode_with_the_start_info_in_ebx()
    {
        var result = _guest.Load(new BootRequest(_kernel) { CommandLine = "root=none", Rsdp = new(0xE0000) });

        var info = result.Cpu.Registers[3];
        Assert.Equal("PVH, 32-bit entry", result.Format);
        Assert.Equal((0x10_0001ul, 0x11ul, 0ul), (result.Cpu.Rip, result.Cpu.Cr0, result.Cpu.Cr4));
        Assert.Equal((0x67u, 0x8Bu), (result.Cpu.Tr.Limit, result.Cpu.Tr.Attributes.Value));
        Assert.Equal((0x336E_C578u, 1u, 0u, 0u), (_guest.U32(info), _guest.U32(info + 4), _guest.U32(info + 8), _guest.U32(info + 12)));
        Assert.Equal("root=none", _guest.Text(_guest.U64(info + 24)));
        Assert.Equal(0xE0000ul, _guest.U64(info + 32));
        Assert.Equal((uint)_guest.Map.Entries.Count, _guest.U32(info + 48));
        var map = _guest.U64(info + 40);
        Assert.Equal((0ul, 0x9FC00ul, 1u), (_guest.U64(map), _guest.U64(map + 8), _guest.U32(map + 16)));
        Assert.Equal((0x9FC00ul, 0x400ul, 2u), (_guest.U64(map + 24), _guest.U64(map + 32), _guest.U32(map + 40)));
    }

    [Fact]
    public void Modules_without_arguments_are_joined_for_Linux()
    {
        var info = _guest.Load(new BootRequest(_kernel)
        {
            Modules = [new("a", new byte[] { 1, 2, 3, 4 }), new("b", new byte[] { 5 })],
        }).Cpu.Registers[3];

        var list = _guest.U64(info + 16);
        Assert.Equal(1u, _guest.U32(info + 12));
        Assert.Equal((5ul, 0ul), (_guest.U64(list + 8), _guest.U64(list + 16)));
        Assert.Equal([1, 2, 3, 4, 5], _guest.Bytes(_guest.U64(list), 5));
    }

    [Fact]
    public void Modules_with_arguments_stay_apart()
    {
        var info = _guest.Load(new BootRequest(_kernel)
        {
            Modules = [new("a", new byte[] { 1 }, "first one"), new("b", new byte[] { 5 })],
        }).Cpu.Registers[3];

        var list = _guest.U64(info + 16);
        Assert.Equal(2u, _guest.U32(info + 12));
        Assert.Equal("first one", _guest.Text(_guest.U64(list + 16)));
        Assert.Equal([5], _guest.Bytes(_guest.U64(list + 32), 1));
    }

    [Fact]
    public void A_module_larger_than_RAM_is_refused() =>
        Assert.Contains("more memory", _guest.Refusal(new BootRequest(_kernel) { Modules = [new("big", new byte[16 << 20])] }), StringComparison.Ordinal);
}
