using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>
/// How instructions reach memory. Each access is first tried inline against the software TLB; everything else is in
/// Vcpu.SlowMemory.cs. A method that returns false has set <see cref="Pending"/> or <see cref="PendingExit"/>; the handler
/// then returns <see cref="FaultOrExit"/> with no architectural change made.
/// </summary>
internal unsafe partial class Vcpu
{
    /// <summary>The TLB table of the present mode.</summary>
    private TlbEntry* _tlb
    {
        get => _file->Tlb;
        set => _file->Tlb = value;
    }

    /// <summary>Bases used to form addresses: zero for ES, CS, SS, DS in 64-bit mode.</summary>
    private ref CpuFile.SegmentBases Bases => ref _file->Bases;

    /// <summary>What to return after a memory access has returned false.</summary>
    internal Status FaultOrExit => HasPendingExit ? Status.Exit : Status.Fault;

    /// <summary>The offset part of an operation's memory operand, wrapped to its address size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong EffectiveAddress(Op* op)
    {
        var offset = R64(op->Base) + (R64(op->Index) << op->Scale) + op->Displacement;
        return (op->Flags & OpFlags.Flat) != 0 ? offset : WrapAddress(op->Flags, offset);
    }

    /// <summary>Wraps an offset to an operation's address size.</summary>
    internal static ulong WrapAddress(OpFlags flags, ulong offset) =>
        (flags & OpFlags.Address32) != 0 ? (uint)offset : (flags & OpFlags.Address16) != 0 ? (ushort)offset : offset;

    /// <summary>Loads an operation's memory operand.</summary>
    /// <typeparam name="T">Any unmanaged type of 1 to 64 bytes.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Read<T>(Op* op, out T value) where T : unmanaged
    {
        var offset = R64(op->Base) + (R64(op->Index) << op->Scale) + op->Displacement;
        if ((op->Flags & OpFlags.Flat) == 0)
            return ReadSegmented(op, offset, out value);
        return ReadLinear(op->Segment, offset + Bases[op->Segment], out value);
    }

    /// <summary>Stores to an operation's memory operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Write<T>(Op* op, T value) where T : unmanaged
    {
        var offset = R64(op->Base) + (R64(op->Index) << op->Scale) + op->Displacement;
        if ((op->Flags & OpFlags.Flat) == 0)
            return WriteSegmented(op, offset, value);
        return WriteLinear(op->Segment, offset + Bases[op->Segment], value);
    }

    /// <summary>
    /// Prepares a read-modify-write of an operation's memory operand: loads it with a store's permission checks.
    /// </summary>
    /// <param name="op">The operation.</param>
    /// <param name="value">The old value.</param>
    /// <param name="target">Where <see cref="FinishUpdate{T}"/> will store.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool BeginUpdate<T>(Op* op, out T value, out UpdateTarget target) where T : unmanaged
    {
        var linear = R64(op->Base) + (R64(op->Index) << op->Scale) + op->Displacement;
        if ((op->Flags & OpFlags.Flat) != 0)
        {
            linear += Bases[op->Segment];
        }
        else if (!Segmented(op->Segment, WrapAddress(op->Flags, linear), sizeof(T), AccessKind.Write, out linear))
        {
            value = default;
            target = default;
            return false;
        }
        return BeginUpdateLinear(op->Segment, linear, out value, out target);
    }

    /// <summary>As <see cref="BeginUpdate{T}"/>, at a linear address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool BeginUpdateLinear<T>(int segment, ulong linear, out T value, out UpdateTarget target) where T : unmanaged
    {
        var entry = _tlb + Tlb.IndexOf(linear);
        if (((linear + (ulong)(sizeof(T) - 1)) & ~0xFFFUL) == entry->WriteTag && (entry->WriteTag == entry->ReadTag))
        {
            // SAFETY: the tags say that all bytes lie in one page of guest RAM that is mapped at Addend.
            var host = (byte*)(linear + entry->Addend);
            value = Unsafe.ReadUnaligned<T>(host);
            target = new UpdateTarget(host);
            return true;
        }
        target = default;
        return BeginUpdateSlow(segment, linear, out value);
    }

    /// <summary>Stores the new value of a read-modify-write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool FinishUpdate<T>(UpdateTarget target, T value) where T : unmanaged
    {
        if (target.Host == null)
            return FinishUpdateSlow(value);
        // SAFETY: as in BeginUpdateLinear; no instruction changes mappings between the two halves of an update.
        Unsafe.WriteUnaligned(target.Host, value);
        return true;
    }

    /// <summary>Loads from a linear address with the present privilege.</summary>
    /// <param name="segment">The segment it came through, which decides between #GP and #SS.</param>
    /// <param name="linear">The address.</param>
    /// <param name="value">What was loaded.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool ReadLinear<T>(int segment, ulong linear, out T value) where T : unmanaged
    {
        var entry = _tlb + Tlb.IndexOf(linear);
        // The last byte's page is compared with the entry of the first byte's: an access that crosses pages never matches.
        if (((linear + (ulong)(sizeof(T) - 1)) & ~0xFFFUL) == entry->ReadTag)
        {
            // SAFETY: the tag says that all bytes lie in one page of guest RAM that is mapped at Addend.
            value = Unsafe.ReadUnaligned<T>((byte*)(linear + entry->Addend));
            return true;
        }
        return ReadLinearSlow(segment, linear, out value);
    }

    /// <summary>Stores to a linear address with the present privilege.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool WriteLinear<T>(int segment, ulong linear, T value) where T : unmanaged
    {
        var entry = _tlb + Tlb.IndexOf(linear);
        if (((linear + (ulong)(sizeof(T) - 1)) & ~0xFFFUL) == entry->WriteTag)
        {
            // SAFETY: as in ReadLinear.
            Unsafe.WriteUnaligned((byte*)(linear + entry->Addend), value);
            return true;
        }
        return WriteLinearSlow(segment, linear, value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadSegmented<T>(Op* op, ulong offset, out T value) where T : unmanaged
    {
        value = default;
        return Segmented(op->Segment, WrapAddress(op->Flags, offset), sizeof(T), AccessKind.Read, out var linear)
            && ReadLinear(op->Segment, linear, out value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool WriteSegmented<T>(Op* op, ulong offset, T value) where T : unmanaged =>
        Segmented(op->Segment, WrapAddress(op->Flags, offset), sizeof(T), AccessKind.Write, out var linear)
            && WriteLinear(op->Segment, linear, value);
}
