using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Tests.Models;

public sealed class MsrTableTests
{
    // Kept by engines (state of every vCPU) or by the local APIC; a second owner would hide them.
    private static readonly uint[] OwnedElsewhere =
    [
        0x10, 0x1B, 0x3B, 0x48, 0x174, 0x175, 0x176, 0x1A0, 0x1D9, 0x277, 0x2FF, 0x6E0, 0xDA0, 0xC000_0080, 0xC000_0081, 0xC000_0082,
        0xC000_0083, 0xC000_0084, 0xC000_0100, 0xC000_0101, 0xC000_0102, 0xC000_0103,
        .. Enumerable.Range(0x200, 16).Select(i => (uint)i), .. Enumerable.Range(0x268, 8).Select(i => (uint)i), 0x250, 0x258, 0x259,
        .. Enumerable.Range(0x800, 0x40).Select(i => (uint)i),
    ];

    public static TheoryData<string> Models => [.. CpuModelCatalog.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public void No_register_has_two_owners(string model)
    {
        var registers = Engines.Resolve(model).Msrs.Registers;

        Assert.DoesNotContain(registers.Keys, OwnedElsewhere.Contains);
        Assert.All(registers.Values, r => Assert.NotEmpty(r.Source));
    }

    [Theory]
    // Values that operating systems read unguarded while they boot.
    [InlineData("x86-64-v3", 0x8Bu, 1UL << 32)]
    [InlineData("x86-64-v3", 0xFEu, 0x508UL)]
    [InlineData("x86-64-v3", 0x17u, 0UL)]
    [InlineData("x86-64-v3", 0x3Au, 1UL)]
    [InlineData("x86-64-v3", 0x179u, 0x10AUL)]
    [InlineData("x86-64-v3", 0x10Au, 0x4000_0000_0D10_E17BUL)]
    [InlineData("Broadwell-Server", 0x8Bu, 0x0B00_0040UL << 32)]
    [InlineData("Broadwell-Server", 0x425u, 0UL)]
    [InlineData("EPYC-Milan", 0x8Bu, 0x0A00_11D5UL)]
    [InlineData("EPYC-Milan", 0xC001_0015u, 0x0100_0010UL)]
    [InlineData("EPYC-Milan", 0xC001_1029u, 2UL)]
    [InlineData("EPYC-Milan", 0xC001_0010u, 0UL)]
    [InlineData("EPYC-Milan", 0xC001_0140u, 4UL)]
    [InlineData("EPYC-Milan", 0xC001_0114u, 0x18UL)]
    public void Registers_have_their_values(string model, uint msr, ulong expected)
    {
        var found = Engines.Resolve(model).Msrs.TryRead(msr, out var value);

        Assert.True(found);
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("x86-64-v3", 0xC001_0015u)]
    [InlineData("x86-64-v3", 0xC1u)]
    [InlineData("x86-64-v3", 0x186u)]
    [InlineData("x86-64-v3", 0x345u)]
    [InlineData("x86-64-v3,-arch-capabilities", 0x10Au)]
    [InlineData("x86-64-v3,-mca", 0x179u)]
    [InlineData("x86-64-v3", 0x428u)]
    [InlineData("x86-64-v3", 0x79u)]
    [InlineData("EPYC-Milan", 0x17u)]
    [InlineData("EPYC-Milan", 0x10Au)]
    [InlineData("EPYC-Milan", 0xC001_0000u)]
    [InlineData("EPYC-Milan", 0xC001_011Fu)]
    public void Registers_that_the_model_lacks_cannot_be_read(string model, uint msr) =>
        Assert.False(Engines.Resolve(model).Msrs.TryRead(msr, out _));

    [Theory]
    [InlineData("x86-64-v3", 0x8Bu, 5UL, 0UL, true, 5UL)]
    [InlineData("x86-64-v3", 0xFEu, 0x508UL, 0x508UL, false, 0x508UL)]
    [InlineData("x86-64-v3", 0x17Au, 0UL, 4UL, true, 4UL)]
    [InlineData("x86-64-v3", 0x17Au, 1UL, 8UL, false, 1UL)]
    [InlineData("x86-64-v3", 0x400u, 0UL, ulong.MaxValue, true, ulong.MaxValue)]
    [InlineData("x86-64-v3", 0x401u, 0UL, 0UL, true, 0UL)]
    [InlineData("x86-64-v3", 0x401u, 0UL, 1UL, false, 0UL)]
    [InlineData("x86-64-v3", 0x49u, 0UL, 1UL, true, 0UL)]
    [InlineData("x86-64-v3", 0x49u, 0UL, 2UL, false, 0UL)]
    [InlineData("x86-64-v3", 0x140u, 0UL, 0UL, true, 0UL)]
    [InlineData("x86-64-v3", 0x140u, 0UL, 1UL, false, 0UL)]
    [InlineData("x86-64-v3", 0xDEADu, 0UL, 0UL, false, 0UL)]
    [InlineData("EPYC-Milan", 0xC001_0015u, 0x0100_0010UL, 0x4100_0018UL, true, 0x0100_0018UL)]
    [InlineData("EPYC-Milan", 0xC001_1029u, 2UL, 0UL, true, 2UL)]
    public void Writes_do_what_the_definition_says(string model, uint msr, ulong current, ulong written, bool accepted, ulong stored)
    {
        var result = Engines.Resolve(model).Msrs.TryWrite(msr, current, written, out var now);

        Assert.Equal(accepted, result);
        Assert.Equal(stored, now);
    }
}
