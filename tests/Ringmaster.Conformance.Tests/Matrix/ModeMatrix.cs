using Iced.Intel;
using Ringmaster.Conformance.Tests.Harness;

namespace Ringmaster.Conformance.Tests.Matrix;

/// <summary>One instruction in every mode: a row of letters says what comes of it.</summary>
/// <remarks>
/// The letters stand for <see cref="GuestModes.Distinct"/>: real; virtual-8086 at IOPL 3 and 0; 32-bit at level 0 and 3;
/// 64-bit at level 0 and 3; compatibility at level 0 and 3. '.' is done, 'U' is #UD, 'G' is #GP(0), 'I' is the handler of the
/// interrupt, 'H' halts, ' ' is not tried.
/// </remarks>
internal static class ModeMatrix
{
    public static IEnumerable<Case> Row(string name, string outcomes, Action<Assembler, GuestMode> code, Action<Guest>? given = null,
        bool intel = false, int interrupt = 0x80, ulong rax = 0, ulong rcx = 0, ulong rdx = 0)
    {
        var letters = outcomes.Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal(GuestModes.Distinct.Length, letters.Length);
        foreach (var (mode, letter) in GuestModes.Distinct.Zip(letters))
        {
            var row = new Case($"{name}, {mode}", mode, c => code(c, mode)) { Intel = intel, Given = given, Rax = rax, Rcx = rcx, Rdx = rdx };
            yield return letter switch
            {
                '.' => row,
                'U' => row with { Fault = Vector.InvalidOpcode },
                'G' => row with { Fault = Vector.GeneralProtection, Error = mode == GuestMode.Real ? null : 0 },
                'I' => row with { Handler = interrupt },
                'H' => row with { Ends = Ending.Halt },
                _ => throw new ArgumentException($"'{letter}' means nothing.", nameof(outcomes)),
            };
        }
    }

    /// <summary>An instruction given as bytes.</summary>
    public static IEnumerable<Case> Bytes(string name, string outcomes, byte[] bytes, Action<Guest>? given = null, bool intel = false) =>
        Row(name, outcomes, (c, _) => c.db(bytes), given, intel);
}
