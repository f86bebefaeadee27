using System.Runtime.InteropServices;

namespace Ringmaster.Cpu.Translator.Memory;

/// <summary>
/// A translation that a place in generated code remembers: the first level of the software TLB, indexed not by the address
/// but by who accesses it. It covers a run of linear addresses that lies in one piece in host memory.
/// </summary>
/// <remarks>
/// Code checks <c>address - Start</c> against the limit. Where it must not change the flags, it checks instead that
/// <c>address - Window</c> has none of the bits of the mask: the window is as much of the run as a power of two takes in. What
/// passes either check has its margin of bytes behind it that belong to the run too. A slot that holds nothing has a limit of
/// zero, which nothing passes, and a window at an address that is not canonical.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct SiteSlot
{
    /// <summary>Bytes of a slot: one cache line.</summary>
    public const int Size = 64;

    /// <summary>Places of fields that generated code uses.</summary>
    public const int LimitOffset = 8, HostOffset = 16, AddendOffset = 24, NegatedWindowOffset = 32, WindowMaskOffset = 40, PropertiesOffset = 48,
        LogIndexOffset = 56, MissesOffset = 60;

    /// <summary>Where <see cref="Misses"/> begins.</summary>
    public const int Patience = -2048;

    /// <summary>What <see cref="Misses"/> is set to when the operands have been told to ask the second level themselves: it counts on from there.</summary>
    public const int GivenUp = int.MaxValue / 2;

    /// <summary>The largest margin.</summary>
    public const ulong MostMargin = 127;

    /// <summary>Where the window of an empty slot is: not a canonical address.</summary>
    public const ulong NoWindow = 0x4000_0000_0000_0000;

    /// <summary>First linear address of the run.</summary>
    public ulong Start;

    /// <summary>Offsets below this are good.</summary>
    public ulong Limit;

    /// <summary>Host address of <see cref="Start"/>.</summary>
    public ulong Host;

    /// <summary>Host address minus linear address.</summary>
    public ulong Addend;

    /// <summary>Minus the first linear address of the window.</summary>
    public ulong NegatedWindow;

    /// <summary>The bits that an offset into the window does not have.</summary>
    public ulong WindowMask;

    /// <summary>As <see cref="TranslationEntry.Properties"/>.</summary>
    public ulong Properties;

    /// <summary>The slot's number in the list of those that hold something.</summary>
    public uint LogIndex;

    /// <summary>
    /// How often the second level was asked, counted from <see cref="Patience"/> upwards: at zero it is time to ask it right
    /// away.
    /// </summary>
    public int Misses;

    /// <summary>
    /// How many bytes behind an address that passes the check belong to the run too. Accesses of different margins never share a
    /// slot.
    /// </summary>
    /// <param name="size">Bytes of an access, or of several that are checked together; at most 128.</param>
    public static int MarginOf(int size) => size <= 8 ? 7 : size <= 32 ? 31 : 127;

    /// <summary>Fills the fields that depend on the run and on where in it the access is.</summary>
    /// <returns>False if the address is in the run's last bytes: the slot would not serve it.</returns>
    public bool TryCover(ulong linear, ulong start, ulong length, ulong addend, int margin)
    {
        var (offset, limit) = (linear - start, length - (ulong)margin);
        if (offset >= limit)
            return false;
        (Start, Limit, Host, Addend) = (start, limit, start + addend, addend);
        var size = 1UL << System.Numerics.BitOperations.Log2(limit);
        var window = Math.Clamp((long)offset - (long)(size / 2), 0, (long)(limit - size));
        NegatedWindow = 0 - (start + (ulong)window);
        WindowMask = 0 - size;
        return true;
    }
}
