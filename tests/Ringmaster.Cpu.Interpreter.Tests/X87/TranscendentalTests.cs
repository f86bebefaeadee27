using Ringmaster.Cpu.Interpreter.Tests.HarnessX87;

namespace Ringmaster.Cpu.Interpreter.Tests.X87;

/// <summary>The transcendental instructions against the host, whose own results are not always correctly rounded.</summary>
public sealed class TranscendentalTests
{
    private const int States = 3000;
    private const ushort C1 = 1 << 9;

    [Theory]
    [InlineData("FSIN", "D9FE")]
    [InlineData("FCOS", "D9FF")]
    [InlineData("FSINCOS", "D9FB")]
    [InlineData("FPTAN", "D9F2")]
    [InlineData("FPATAN", "D9F3")]
    [InlineData("F2XM1", "D9F0")]
    [InlineData("FYL2X", "D9F1")]
    [InlineData("FYL2XP1", "D9F9")]
    public void Results_are_within_one_unit_of_the_host(string name, string bytes)
    {
        var differences = FloatComparison.Differences(Convert.FromHexString(bytes), States, C1, toleratesLastBit: true);
        Assert.True(differences.Length == 0, $"{name}: {differences}");
    }
}
