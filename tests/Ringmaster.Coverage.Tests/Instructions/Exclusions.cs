using Iced.Intel;

namespace Ringmaster.Coverage.Tests.Instructions;

/// <summary>
/// Codes that no bytes decode to on any model here, though their feature is there, each with the reason. A test proves of
/// every one of them that it cannot be reached.
/// </summary>
public static class Exclusions
{
    private static readonly (Func<Code, bool, bool> Matches, string Reason)[] s_table =
    [
        ((code, _) => !code.ToOpCode().IsInstruction, "no instruction: Iced's mark for invalid bytes, for data or for padding"),
        ((code, _) => code.ToOpCode().Fwait, "WAIT and another instruction, which are decoded and executed one by one"),
        ((code, _) => code == Code.Popw_CS, "8086 only: 0F is an escape on all later processors"),
        ((code, _) => code is Code.Storeall or Code.Loadall286, "80286 only: SYSCALL and nothing have these bytes now"),
        ((code, _) => code.ToOpCode().DecoderOption is not (DecoderOptions.None or DecoderOptions.AMD),
            "only on processors of other makes or ages, for which Iced wants a decoder option"),
        ((code, _) => code.Mnemonic() is Mnemonic.Prefetchnta or Mnemonic.Prefetcht0 or Mnemonic.Prefetcht1 or Mnemonic.Prefetcht2
            or Mnemonic.Prefetch or Mnemonic.Prefetchw || code is Code.Nop_rm16 or Code.Nop_rm32 or Code.Nop_rm64
            || code.ToString().StartsWith("Prefetchreserved", StringComparison.Ordinal),
            "a hint: its bytes are decoded as the reserved NOP of the same opcode, which is executed"),
        ((code, isAmd) => !InstructionForm.Of(code, isAmd).Any(), "an encoding of the other vendor's processors"),
    ];

    /// <summary>Why a code is left out; null for one that must be executed.</summary>
    public static string? ReasonFor(Code code, bool isAmd)
    {
        foreach (var (matches, reason) in s_table)
        {
            if (matches(code, isAmd))
                return reason;
        }
        return null;
    }
}
