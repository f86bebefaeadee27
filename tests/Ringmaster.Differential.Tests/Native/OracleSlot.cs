using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ringmaster.Differential.Tests.Native;

/// <summary>One case as it goes to the oracle and comes back (oracle/shared.h, struct slot).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OracleSlot
{
    public uint Is32Bit;
    public uint CodeOffset;
    public uint CodeLength;
    public OracleStatus Status;
    public ulong Trap;
    public ulong Error;
    public ulong Cr2;
    public uint FirstChange;
    public uint ChangeCount;
    public RegisterFrame Before;
    public RegisterFrame After;
    public CodeBytes Code;

    /// <summary>The sequence's bytes.</summary>
    [InlineArray(256)]
    public struct CodeBytes
    {
        private byte _byte;
    }
}

/// <summary>How a sequence ended on the host.</summary>
internal enum OracleStatus : uint
{
    /// <summary>It was not run.</summary>
    None,

    /// <summary>By an exception; the normal case.</summary>
    Trapped,

    /// <summary>Not at all: it was interrupted after some time.</summary>
    Endless,

    /// <summary>By an exception, but its memory changes do not fit the list.</summary>
    TooManyChanges,
}
