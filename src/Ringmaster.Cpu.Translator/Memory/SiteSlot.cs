using System.Runtime.InteropServices;

namespace Ringmaster.Cpu.Translator.Memory;

/// <summary>
/// A translation that a place in generated code remembers: the first level of the software TLB, indexed not by the address
/// but by who accesses it. It covers a run of linear addresses that lies in one piece in host memory.
/// </summary>
/// <remarks>
/// Code checks <c>offset = address - Start</c> against the limit for its size, without branches or hashing. A slot that holds
/// nothing has limits of zero, which nothing passes, and a page that no canonical address lies in.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct SiteSlot
{
    /// <summary>Bytes of a slot: one cache line.</summary>
    public const int Size = 64;

    /// <summary>Places of fields that generated code reads.</summary>
    public const int HostOffset = 32, AddendOffset = 40, NegatedPageOffset = 48;

    /// <summary>A page that is not canonical: what <see cref="NegatedPage"/> holds when the slot is empty.</summary>
    public const ulong NoPage = 0x4000_0000_0000_0000;

    /// <summary>First linear address.</summary>
    public ulong Start;

    /// <summary>Offsets below this are good for accesses of up to 8 bytes.</summary>
    public ulong Limit8;

    /// <summary>Offsets below this are good for accesses of up to 32 bytes.</summary>
    public ulong Limit32;

    /// <summary>Offsets below this are good for accesses of up to 128 bytes.</summary>
    public ulong Limit128;

    /// <summary>Host address of <see cref="Start"/>.</summary>
    public ulong Host;

    /// <summary>Host address minus linear address.</summary>
    public ulong Addend;

    /// <summary>Minus the linear address of the page last asked for: for checks that must not change the flags.</summary>
    public ulong NegatedPage;

    /// <summary>As <see cref="TranslationEntry.Properties"/>.</summary>
    public ulong Properties;

    /// <summary>Which limit an access is checked against.</summary>
    public static int LimitOffset(int size) => size <= 8 ? 8 : size <= 32 ? 16 : 24;
}
