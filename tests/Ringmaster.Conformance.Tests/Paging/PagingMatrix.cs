using Iced.Intel;
using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Paging;

/// <summary>Accesses to <see cref="Layout.Window"/> in several paging modes: a row says what comes of the six kinds of access.</summary>
/// <remarks>
/// Outcomes are, in this order: kernel load, store and fetch, user load, store and fetch. '.' is allowed; a number is the
/// page fault's error code in hexadecimal; '-' is not tried.
/// </remarks>
internal static class PagingMatrix
{
    public const string All = "2P45", Wide = "P45", Long = "45";

    private static readonly (char Letter, GuestMode Kernel, GuestMode User)[] s_modes =
    [
        ('2', GuestMode.KernelTwoLevel, GuestMode.UserTwoLevel), ('P', GuestMode.KernelPae, GuestMode.UserPae),
        ('4', GuestMode.Kernel64, GuestMode.User64), ('5', GuestMode.KernelFiveLevel, GuestMode.UserFiveLevel),
    ];

    /// <param name="name">What the entry or the state is like.</param>
    /// <param name="modes">2 for 32-bit, P for PAE, 4 for 4-level, 5 for 5-level paging.</param>
    /// <param name="outcomes">See the type's remarks.</param>
    /// <param name="given">Sets the entry and the state.</param>
    public static IEnumerable<Case> Row(string name, string modes, string outcomes, Action<Guest> given)
    {
        var each = outcomes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, each.Length);
        foreach (var (letter, kernel, user) in s_modes)
        {
            for (var i = 0; i < 6 && modes.Contains(letter, StringComparison.Ordinal); i++)
            {
                if (each[i] == "-")
                    continue;
                var mode = i < 3 ? kernel : user;
                var access = (i % 3) switch { 0 => "load", 1 => "store", _ => "fetch" };
                yield return Judge(new Case($"{name}: {access}, {mode}", mode, c => Access(c, i: access, mode)) { Given = given }, access, each[i]);
            }
        }
    }

    private static Case Judge(Case row, string access, string outcome)
    {
        var isFetch = access == "fetch";
        if (outcome == ".")
            return isFetch ? row with { Lands = Layout.Window } : row;
        return row with
        {
            Fault = Vector.PageFault,
            Error = Convert.ToUInt32(outcome, 16),
            At = isFetch ? _ => Layout.Window : null,
            Then = m => Assert.Equal(Layout.Window, m.State.Cr2),
        };
    }

    private static void Access(Assembler c, string i, GuestMode mode)
    {
        switch (i)
        {
            case "load":
                c.mov(ecx, __[Layout.Window]);
                break;
            case "store":
                c.mov(__[Layout.Window], ecx);
                break;
            default:
                c.mov(eax, Layout.Window);
                if (mode.Is64Bit())
                    c.jmp(rax);
                else
                    c.jmp(eax);
                break;
        }
    }

    /// <summary>Takes the user bit from the kernel's pages in the identity map, so that SMEP and SMAP do not mind the kernel itself.</summary>
    public static void HideKernel(Guest guest)
    {
        for (ulong page = 0; page < Layout.MemorySize; page += 0x1000)
        {
            if (!guest.Mode.IsUser() || page is (>= Layout.Gdt and < Layout.Data) or Layout.Handlers or (Layout.Stack0 - 0x1000))
                guest.SetPage(page, PageTables.User);
        }
    }
}
