using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Forming linear addresses with limit and type checks (SDM 3A 3.4, 5.3, 5.4).</summary>
internal unsafe partial class Vcpu
{
    internal ref CpuFile.SegmentRegisters Segments => ref _file->Segments;

    /// <summary>A segment register.</summary>
    internal ref Segment SegmentOf(int index) => ref Segments[index];

    /// <summary>Forms a linear address, checking type and limit outside 64-bit mode.</summary>
    /// <param name="segment">Index of the segment register.</param>
    /// <param name="offset">The offset, already wrapped to the address size.</param>
    /// <param name="size">Bytes accessed.</param>
    /// <param name="kind">Read, write or execute.</param>
    /// <param name="linear">The linear address.</param>
    /// <returns>False with #GP(0) or #SS(0) pending.</returns>
    internal bool Segmented(int segment, ulong offset, int size, AccessKind kind, out ulong linear)
    {
        linear = offset + Bases[segment];
        if (_is64BitMode)
            return true;
        linear = (uint)linear;
        ref var register = ref Segments[segment];
        var rights = register.Attributes;
        // Real mode does not look at the type; virtual-8086 mode sets up writable segments.
        var allowed = !rights.IsUnusable && (kind switch
        {
            AccessKind.Read => rights.IsReadable,
            AccessKind.Write => rights.IsWritable,
            _ => true,
        } || !_isProtectedMode);
        if (allowed && WithinLimit(register, (uint)offset, size))
            return true;
        Raise(segment == SegmentIndex.Ss ? Vector.StackFault : Vector.GeneralProtection, 0);
        return false;
    }

    /// <summary>Whether all bytes of an access lie within a segment's limit (SDM 3A 5.3).</summary>
    internal static bool WithinLimit(in Segment register, uint offset, int size)
    {
        var last = (ulong)offset + (ulong)size - 1;
        if (!register.Attributes.IsExpandDown)
            return last <= register.Limit;
        return offset > register.Limit && last <= (register.Attributes.IsBig ? uint.MaxValue : 0xFFFF);
    }

    /// <summary>Sets a segment register with its hidden part and everything that follows from it.</summary>
    internal void SetSegment(int index, Segment value)
    {
        Segments[index] = value;
        if (index is SegmentIndex.Cs or SegmentIndex.Ss)
            UpdateMode();
        else
            UpdateBase(index);
    }

    /// <summary>64-bit mode ignores the bases of ES, CS, SS and DS (SDM 3A 3.4.4).</summary>
    private void UpdateBase(int index) =>
        Bases[index] = _is64BitMode && index < SegmentIndex.Fs ? 0 : Segments[index].Base;
}
