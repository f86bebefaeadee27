using Ringmaster.Firmware.Acpi.Aml;
using static Ringmaster.Firmware.Acpi.Aml.AmlCode;

namespace Ringmaster.Firmware.Tests.Acpi;

public sealed class AmlCodeTests
{
    [Theory]
    [InlineData(0ul, "00")]
    [InlineData(1ul, "01")]
    [InlineData(0xFFul, "0AFF")]
    [InlineData(0x100ul, "0B0001")]
    [InlineData(0x1_0000ul, "0C00000100")]
    [InlineData(0x1_0000_0000ul, "0E0000000001000000")]
    public void Integers_take_their_shortest_form(ulong value, string expected) => Assert.Equal(expected, Hex(Integer(value)));

    [Theory]
    [InlineData("PNP0501", "0C41D00501")]
    [InlineData("PNP0000", "0B41D0")]
    [InlineData("PNP0C0C", "0C41D00C0C")]
    public void Plug_and_Play_identifiers_are_compressed(string id, string expected) => Assert.Equal(expected, Hex(EisaId(id)));

    [Theory]
    [InlineData("\\_SB", "10065C5F53425F")]
    [InlineData("\\_SB.PCI0", "100B5C2E5F53425F50434930")]
    [InlineData("A.B.C", "100F2F03415F5F5F425F5F5F435F5F5F")]
    [InlineData("\\", "10035C00")]
    public void Names_are_filled_up_and_paths_prefixed(string path, string expected) => Assert.Equal(expected, Hex(Scope(path)));

    [Theory]
    [InlineData(57, 1)]
    [InlineData(58, 2)]
    [InlineData(4088, 2)]
    [InlineData(4089, 3)]
    [InlineData(1 << 20, 4)]
    public void Package_lengths_count_themselves_and_take_one_to_four_bytes(int content, int expected)
    {
        var code = Scope("\\_SB", new AmlTerm(new byte[content])).Code.Span;

        var following = code[1] >> 6;
        var length = following == 0 ? code[1] & 0x3F : code[1] & 0xF;
        for (var i = 0; i < following; i++)
            length |= code[2 + i] << (4 + 8 * i);
        Assert.Equal(expected, following + 1);
        Assert.Equal(code.Length - 1, length);
    }

    private static string Hex(AmlTerm term) => Convert.ToHexString(term.Code.Span);
}
