using System.Runtime.CompilerServices;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Pushes and pops through SS:RSP with the present privilege.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>RSP, as wide as the stack segment makes it.</summary>
    internal ulong StackPointer
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => R[4] & _stackMask;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => R[4] = (R[4] & ~_stackMask) | (value & _stackMask);
    }

    /// <summary>Pushes a value.</summary>
    /// <returns>False, with nothing changed, if the stack cannot be written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Push<T>(T value) where T : unmanaged
    {
        if (!_is64BitMode)
            return PushLegacy(value);
        var pointer = R[4] - (ulong)sizeof(T);
        if (!WriteLinear(SegmentIndex.Ss, pointer, value))
            return false;
        R[4] = pointer;
        return true;
    }

    /// <summary>Pops a value.</summary>
    /// <returns>False, with nothing changed, if the stack cannot be read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Pop<T>(out T value) where T : unmanaged
    {
        if (!ReadStack(0, out value))
            return false;
        StackPointer += (ulong)sizeof(T);
        return true;
    }

    /// <summary>Reads from the stack without popping.</summary>
    /// <param name="displacement">Bytes above the stack pointer.</param>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool ReadStack<T>(ulong displacement, out T value) where T : unmanaged =>
        _is64BitMode ? ReadLinear(SegmentIndex.Ss, R[4] + displacement, out value) : ReadStackLegacy(displacement, out value);

    /// <summary>Writes to the stack at an offset of SS.</summary>
    internal bool WriteStackAt<T>(ulong offset, T value) where T : unmanaged
    {
        if (_is64BitMode)
            return WriteLinear(SegmentIndex.Ss, offset, value);
        return Segmented(SegmentIndex.Ss, offset & _stackMask, sizeof(T), AccessKind.Write, out var linear)
            && WriteLinear(SegmentIndex.Ss, linear, value);
    }

    /// <summary>Checks that the bytes at the stack pointer could be written.</summary>
    internal bool ProbeStack(int size)
    {
        var linear = R[4];
        return (_is64BitMode || Segmented(SegmentIndex.Ss, StackPointer, size, AccessKind.Write, out linear))
            && ProbeWrite(SegmentIndex.Ss, linear, size);
    }

    private bool PushLegacy<T>(T value) where T : unmanaged
    {
        var pointer = (R[4] - (ulong)sizeof(T)) & _stackMask;
        if (!WriteStackAt(pointer, value))
            return false;
        StackPointer = pointer;
        return true;
    }

    private bool ReadStackLegacy<T>(ulong displacement, out T value) where T : unmanaged
    {
        value = default;
        return Segmented(SegmentIndex.Ss, (R[4] + displacement) & _stackMask, sizeof(T), AccessKind.Read, out var linear)
            && ReadLinear(SegmentIndex.Ss, linear, out value);
    }
}
