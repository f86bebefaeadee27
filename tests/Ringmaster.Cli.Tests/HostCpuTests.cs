using System.Text;
using Ringmaster.Cli.Doctor;

namespace Ringmaster.Cli.Tests;

/// <summary>What the doctor calls a processor.</summary>
public sealed class HostCpuTests
{
    private const string Brand = "A processor with a brand of its own";

    [Theory]
    [InlineData(0x8000_0004, Brand)]
    [InlineData(0x8000_0021, Brand)]
    [InlineData(0x8000_0003, "AuthenticAMD")]
    [InlineData(0x8000_0001, "AuthenticAMD")]
    // A processor without extended leaves answers with another's.
    [InlineData(0x0000_0D00, "AuthenticAMD")]
    [InlineData(0xFFFF_FFFF, "AuthenticAMD")]
    public void A_processor_without_a_brand_has_its_vendors_name(uint highest, string name) =>
        Assert.Equal(name, HostCpu.Name(leaf => (uint)leaf switch
        {
            0 => (0xD, Word("AuthenticAMD", 0), Word("AuthenticAMD", 8), Word("AuthenticAMD", 4)),
            0x8000_0000 => ((int)highest, 0, 0, 0),
            >= 0x8000_0002 and <= 0x8000_0004 => Words(leaf - unchecked((int)0x8000_0002)),
            _ => throw new ArgumentOutOfRangeException(nameof(leaf)),
        }));

    private static (int, int, int, int) Words(int part) =>
        (Word(Brand, part * 16), Word(Brand, part * 16 + 4), Word(Brand, part * 16 + 8), Word(Brand, part * 16 + 12));

    private static int Word(string text, int at) => BitConverter.ToInt32(Encoding.ASCII.GetBytes(text.PadRight(48, '\0')), at);
}
