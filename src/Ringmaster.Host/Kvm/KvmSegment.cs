using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <summary>struct kvm_segment: a segment register with its hidden part, each bit of the rights in a byte of its own.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct KvmSegment
{
    /// <summary>Linear address of byte 0.</summary>
    public ulong Base;

    /// <summary>Offset of the last byte.</summary>
    public uint Limit;

    /// <summary>The visible part.</summary>
    public ushort Selector;

    /// <summary>The type field.</summary>
    public byte Type;

    /// <summary>P.</summary>
    public byte Present;

    /// <summary>Privilege level.</summary>
    public byte Dpl;

    /// <summary>D/B.</summary>
    public byte Db;

    /// <summary>S.</summary>
    public byte S;

    /// <summary>L.</summary>
    public byte L;

    /// <summary>G.</summary>
    public byte G;

    /// <summary>AVL.</summary>
    public byte Avl;

    /// <summary>A null selector.</summary>
    public byte Unusable;

    private readonly byte _padding;
}
