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
}
