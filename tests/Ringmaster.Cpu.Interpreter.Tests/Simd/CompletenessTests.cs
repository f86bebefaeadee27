using Iced.Intel;
using Ringmaster.Cpu.Interpreter.Tests.HarnessSimd;

namespace Ringmaster.Cpu.Interpreter.Tests.Simd;

/// <summary>Nothing of the supported instruction sets is forgotten.</summary>
public sealed class CompletenessTests
{
    [Fact]
    public void Every_vector_and_bit_instruction_has_a_handler()
    {
        var missing = TestedCodes.Required.Where(code => !TestedCodes.HasHandler(code)).ToArray();

        Assert.True(missing.Length == 0, "Without a handler: " + string.Join(", ", missing.Select(c => c.ToString())));
    }

    [Fact]
    public void Nearly_all_of_them_are_compared_with_the_host()
    {
        var compared = TestedCodes.All.Count;

        Assert.True(compared >= 900 || !System.Runtime.Intrinsics.X86.Avx2.IsSupported, $"Only {compared} instructions are compared.");
    }

    [Fact]
    public unsafe void Comparison_notices_a_different_instruction()
    {
        var (expected, actual) = (default(VectorState), default(VectorState));
        actual.Vectors[7] = 1;
        actual.Mxcsr = 0x20;
        byte memory = 0;

        var difference = Differences.Of(expected, actual, 0, false, &memory, &memory, 0);

        Assert.Contains("ymm1[3]", difference, StringComparison.Ordinal);
        Assert.Contains("mxcsr", difference, StringComparison.Ordinal);
    }
}
