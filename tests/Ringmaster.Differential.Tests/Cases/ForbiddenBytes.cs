namespace Ringmaster.Differential.Tests.Cases;

/// <summary>
/// Bytes that must stand nowhere in a sequence, not even inside an instruction, because a branch may lead there: what
/// would leave user mode on the host without an exception.
/// </summary>
internal static class ForbiddenBytes
{
    /// <summary>Whether any of them occurs.</summary>
    public static bool AreIn(ReadOnlySpan<byte> code)
    {
        for (var i = 0; i + 1 < code.Length; i++)
        {
            var pair = code[i] << 8 | code[i + 1];
            // SYSCALL, SYSENTER, INT 80h.
            if (pair is 0x0F05 or 0x0F34 or 0xCD80 || (pair == 0x0F01 && MayCallHypervisor(i + 2 < code.Length ? code[i + 2] : 0xFF)))
                return true;
        }
        return false;
    }

    // Of the group with VMCALL and VMMCALL only LGDT, LIDT, LMSW, INVLPG, CLAC, STAC, XSETBV and SWAPGS are harmless: they fault.
    private static bool MayCallHypervisor(int modRm) => (modRm >> 3 & 7, modRm >> 6) is not ((2 or 3 or 6 or 7, < 3) or (6, 3)) && modRm is not (0xCA or 0xCB or 0xD1 or 0xF8);
}
