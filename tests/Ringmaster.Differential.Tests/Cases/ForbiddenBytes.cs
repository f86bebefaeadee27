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
            // SYSCALL, SYSENTER, the group with VMCALL and VMMCALL, INT 80h.
            if (pair is 0x0F05 or 0x0F34 or 0x0F01 or 0xCD80)
                return true;
        }
        return false;
    }
}
