using Iced.Intel;

namespace Ringmaster.Cpu.Translator.Emission;

/// <summary>
/// Where the guest's general registers live while generated code runs. Twelve of them are in host registers, most in the one of
/// the same name; R12 to R15 stay in the vCPU's area.
/// </summary>
/// <remarks>
/// The host's RSP remains the thread's stack pointer. RCX is scratch because JRCXZ, the only branch that neither reads nor
/// changes flags, wants it, and because shifts by CL can then take their count through it. R14 and R15 are scratch too.
/// </remarks>
internal static class GuestRegisters
{
    /// <summary>The host register that holds the guest's RSP.</summary>
    public const HostRegister StackPointer = HostRegister.R13;

    /// <summary>The host register that holds the guest's RCX.</summary>
    public const HostRegister Counter = HostRegister.R12;

    /// <summary>Guest registers by number, and the host registers that hold them.</summary>
    public static ReadOnlySpan<(int Guest, HostRegister Host)> InHostRegisters => s_pairs;

    private static readonly (int Guest, HostRegister Host)[] s_pairs =
    [
        (0, HostRegister.Rax), (1, Counter), (2, HostRegister.Rdx), (3, HostRegister.Rbx), (4, StackPointer), (5, HostRegister.Rbp),
        (6, HostRegister.Rsi), (7, HostRegister.Rdi), (8, HostRegister.R8), (9, HostRegister.R9), (10, HostRegister.R10),
        (11, HostRegister.R11),
    ];

    /// <summary>The host register of a guest register, or none if it is in the vCPU's area.</summary>
    public static HostRegister HostOf(int guest) => guest switch
    {
        1 => Counter,
        4 => StackPointer,
        < 12 => (HostRegister)guest,
        _ => HostRegister.None,
    };

    /// <summary>A general register of a width as Iced names it.</summary>
    /// <param name="register">Which.</param>
    /// <param name="like">A general register of the width wanted. Never AH, CH, DH or BH.</param>
    public static Register Name(HostRegister register, Register like)
    {
        var first = like.IsGPR64() ? Register.RAX : like.IsGPR32() ? Register.EAX : like.IsGPR16() ? Register.AX : Register.None;
        if (first != Register.None)
            return first + (int)register;
        // Iced lists AL, CL, DL, BL, AH, CH, DH, BH, SPL, BPL, SIL, DIL, R8L to R15L.
        return (int)register < 4 ? Register.AL + (int)register : Register.SPL + ((int)register - 4);
    }

    /// <summary>Whether a register is AH, CH, DH or BH.</summary>
    public static bool IsHighByte(Register register) => register is >= Register.AH and <= Register.BH;
}
