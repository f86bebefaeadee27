using Ringmaster.Cpu.Interpreter.Tests.HarnessX87;

namespace Ringmaster.Cpu.Interpreter.Tests.StateSaving;

/// <summary>FXSAVE, FXRSTOR and the x87 environment against the host.</summary>
public sealed class LegacyStateTests
{
    private const int States = 1500;

    [Theory]
    [InlineData("FNSTENV m28", "D936")]
    [InlineData("FLDENV m28", "D926")]
    [InlineData("FNSAVE m108", "DD36")]
    [InlineData("FRSTOR m108", "DD26")]
    [InlineData("FNSTENV m14", "66D936")]
    [InlineData("FLDENV m14", "66D926")]
    [InlineData("FNSAVE m94", "66DD36")]
    [InlineData("FRSTOR m94", "66DD26")]
    [InlineData("FXSAVE", "0FAE06")]
    [InlineData("FXSAVE64", "480FAE06")]
    [InlineData("FXRSTOR", "0FAE0E")]
    [InlineData("FXRSTOR64", "480FAE0E")]
    [InlineData("LDMXCSR", "0FAE5618")]
    [InlineData("STMXCSR", "0FAE5E18")]
    public void State_instructions_equal_the_host(string name, string bytes)
    {
        // MM exists only where misaligned SSE operands can be allowed; elsewhere loading it faults (APM 1 4.2.2, SDM 1 10.2.3).
        var legal = 0xE07F | ((HostCpuid.Read()[0x8000_0001, 0].Ecx & 1 << 7) != 0 ? 1u << 17 : 0);
        var differences = FloatComparison.Differences(Convert.FromHexString(bytes), States, ignoredStatus: 0,
            (ref FloatCase input, FloatSamples samples) =>
            {
                // MXCSR in the image: any legal value with all exceptions masked.
                BitConverter.TryWriteBytes(input.Bytes[24..], (uint)samples.NextBits() & legal | 0x1F80);
            });
        Assert.True(differences.Length == 0, $"{name}: {differences}");
    }
}
