using Iced.Intel;

namespace Ringmaster.Cpu.Interpreter.Decoding;

/// <summary>Ends of blocks whose successors are fixed: direct near branches, and a block's plain end.</summary>
internal static class DirectBranches
{
    private static readonly bool[] s_codes = [.. Enum.GetValues<Code>().Select(IsDirect)];

    /// <summary>Whether the operation with this code always leads to the same place, or to one of two.</summary>
    public static bool Contains(ushort code) => s_codes[code];

    // Code 0 (INVALID) is what the synthetic end operation carries.
    private static bool IsDirect(Code code) => code == Code.INVALID
        || code.IsJccShortOrNear() || code.IsJmpShortOrNear() || code.IsCallNear() || code.IsJcxShort() || code.IsLoop() || code.IsLoopcc();
}
