using System.Buffers.Binary;
using Ringmaster.Cpu.Paging;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Tests.Paging;

/// <summary>Firmware may keep its page tables in ROM.</summary>
public sealed class RomPageTableTests
{
    private const ulong Tables = 0xFFFF_0000, Linear = 0x1234;

    [Fact]
    public void Tables_in_rom_translate_and_lose_their_accessed_and_dirty_bits()
    {
        const ulong presentWritable = 3, large = 0x80;
        var content = new byte[0x3000];
        BinaryPrimitives.WriteUInt64LittleEndian(content, (Tables + 0x1000) | presentWritable);
        BinaryPrimitives.WriteUInt64LittleEndian(content.AsSpan(0x1000), (Tables + 0x2000) | presentWritable);
        BinaryPrimitives.WriteUInt64LittleEndian(content.AsSpan(0x2000), large | presentWritable);
        using var memory = GuestMemory.Create([new(new(0), 0x10_0000)], new RomImage(new(Tables), content));
        var context = new PagingContext(new(40, true, true), 0x8000_0001, Tables, 0x20, 0x500, 0, 0, 0, 0, 0, 0);

        var result = PageWalk.Translate(memory, context, new(Linear), new PageAccess(PageAccessKind.Write, false));

        Assert.False(result.IsFault);
        Assert.Equal(Linear, result.Address.Value);
        var after = new byte[content.Length];
        Assert.True(memory.TryRead(new(Tables), after));
        Assert.Equal(content, after);
    }
}
