using Iced.Intel;
using Ringmaster.Cpu.State;
using Ringmaster.Differential.Tests.Cases;
using Ringmaster.Differential.Tests.Generation;

namespace Ringmaster.Differential.Tests.Comparison;

/// <summary>
/// The results of x87 transcendentals, of which the manuals promise an error of less than one unit in the last place (SDM 1
/// 8.3.10): two processors may choose different neighbours of the exact result, and no others.
/// </summary>
internal static class TranscendentalResults
{
    private const ushort Special = 0x7FFF;

    /// <summary>How many registers from the top of the stack hold such results.</summary>
    /// <param name="test">The case; a transcendental only stands last.</param>
    /// <param name="rip">Where it stopped.</param>
    /// <param name="end">Where its instructions end.</param>
    public static int CountOf(TestCase test, ulong rip, ulong end)
    {
        // INT3 is one byte long, so its trap points one beyond the end.
        if (test.Instructions is not [.., { Instruction: var last }] || !Exclusions.IsTranscendental(last) || (rip != end && rip != end + 1))
            return 0;
        return last.Mnemonic is Mnemonic.Fsincos or Mnemonic.Fptan ? 2 : 1;
    }

    /// <summary>Whether two results are the same, or next to each other in the extended format.</summary>
    public static bool AreNeighbours(FloatRegister left, FloatRegister right) =>
        left == right || (left.SignExponent >> 15 == right.SignExponent >> 15 && !IsSpecial(left) && !IsSpecial(right)
            && Int128.Abs(Rank(left) - Rank(right)) == 1);

    // An infinity, or no number.
    private static bool IsSpecial(FloatRegister value) => (value.SignExponent & Special) == Special;

    private static Int128 Rank(FloatRegister value) =>
        ((Int128)(value.SignExponent & Special) << 63) + (value.Significand & long.MaxValue);
}
