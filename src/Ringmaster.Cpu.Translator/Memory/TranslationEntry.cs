using System.Runtime.InteropServices;

namespace Ringmaster.Cpu.Translator.Memory;

/// <summary>
/// An entry of the software TLB's second level, indexed by linear page. Beside the page it knows the whole run of addresses
/// around it that lies in one piece in host memory with the same rights.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TranslationEntry
{
    /// <summary>Bytes of an entry: one cache line.</summary>
    public const int Size = 64;

    /// <summary>Places of fields that generated code uses.</summary>
    public const int WriteTagOffset = 8, AddendOffset = 16, ReadStartOffset = 24, WriteStartOffset = 40, PropertiesOffset = 56;

    /// <summary>A tag that equals no page.</summary>
    public const ulong Invalid = 1;

    /// <summary>Linear page for which loads are allowed.</summary>
    public ulong ReadTag;

    /// <summary>Linear page for which stores are allowed.</summary>
    public ulong WriteTag;

    /// <summary>Host address minus linear address.</summary>
    public ulong Addend;

    /// <summary>First linear address of the run that may be read.</summary>
    public ulong ReadStart;

    /// <summary>Bytes of that run.</summary>
    public ulong ReadLength;

    /// <summary>First linear address of the run that may be written.</summary>
    public ulong WriteStart;

    /// <summary>Bytes of that run.</summary>
    public ulong WriteLength;

    /// <summary>Bit 0: from a global page. Bits 8 to 15: log2 of the size of the page in the guest's tables.</summary>
    public ulong Properties;
}
