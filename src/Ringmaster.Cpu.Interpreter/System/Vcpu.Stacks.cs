using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Stacks of far transfers and of event delivery.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>The current stack.</summary>
    private StackCursor CurrentStack => new(Segments[SegmentIndex.Ss], R[4], _is64BitMode, CurrentMmuMode, 0);

    /// <summary>Pushes several values. Limits are checked for all of them before the first is stored.</summary>
    private bool PushAll(ref StackCursor stack, int size, ReadOnlySpan<ulong> values)
    {
        var cursor = stack;
        for (var i = 0; i < values.Length; i++)
        {
            cursor.Pointer = cursor.Moved(-size);
            if (!CheckStack(cursor, size, AccessKind.Write))
                return false;
        }
        cursor = stack;
        foreach (var value in values)
        {
            cursor.Pointer = cursor.Moved(-size);
            var linear = StackLinear(cursor);
            var done = size switch
            {
                2 => WriteAs(cursor.Mode, linear, (ushort)value),
                4 => WriteAs(cursor.Mode, linear, (uint)value),
                _ => WriteAs(cursor.Mode, linear, value),
            };
            if (!done)
                return false;
        }
        stack = cursor;
        return true;
    }

    /// <summary>Pops several values; the stack pointer itself is only changed in the cursor.</summary>
    private bool PopAll(ref StackCursor stack, int size, Span<ulong> values)
    {
        var cursor = stack;
        for (var i = 0; i < values.Length; i++)
        {
            if (!CheckStack(cursor, size, AccessKind.Read))
                return false;
            cursor.Pointer = cursor.Moved(size);
        }
        cursor = stack;
        for (var i = 0; i < values.Length; i++)
        {
            if (!ReadStack(cursor, size, out values[i]))
                return false;
            cursor.Pointer = cursor.Moved(size);
        }
        stack = cursor;
        return true;
    }

    private bool ReadStack(in StackCursor cursor, int size, out ulong value)
    {
        var linear = StackLinear(cursor);
        bool done;
        if (size == 2)
        {
            done = ReadAs(cursor.Mode, linear, out ushort word);
            value = word;
        }
        else if (size == 4)
        {
            done = ReadAs(cursor.Mode, linear, out uint word);
            value = word;
        }
        else
        {
            done = ReadAs(cursor.Mode, linear, out value);
        }
        return done;
    }

    private static ulong StackLinear(in StackCursor cursor) =>
        cursor.Flat ? cursor.Pointer : (uint)(cursor.Segment.Base + (cursor.Pointer & cursor.Mask));

    private bool CheckStack(in StackCursor cursor, int size, AccessKind kind)
    {
        if (cursor.Flat)
        {
            return (IsCanonical(cursor.Pointer) && IsCanonical(cursor.Pointer + (ulong)size - 1))
                || FailSelector(Vector.StackFault, cursor.ErrorCode);
        }
        var rights = cursor.Segment.Attributes;
        var allowed = !rights.IsUnusable
            && (!_isProtectedMode || (kind == AccessKind.Write ? rights.IsWritable : rights.IsReadable))
            && WithinLimit(cursor.Segment, (uint)(cursor.Pointer & cursor.Mask), size);
        return allowed || FailSelector(Vector.StackFault, cursor.ErrorCode);
    }

    /// <summary>Sets the stack pointer; a 16-bit stack leaves the upper bits alone.</summary>
    private void SetStackPointer(ulong value)
    {
        R[4] = _stackMask == ushort.MaxValue ? (R[4] & ~0xFFFFUL) | (ushort)value : value & _stackMask;
    }

    /// <summary>Reads the stack for a privilege level from the task state segment (SDM 3A 5.8.5, 7.2.1).</summary>
    private bool ReadInnerStack(int level, out ushort selector, out uint pointer)
    {
        selector = 0;
        pointer = 0;
        ref readonly var task = ref Segments[SegmentIndex.Tr];
        var wide = (task.Attributes.Type & 8) != 0;
        var offset = wide ? 4u + (uint)level * 8 : 2u + (uint)level * 4;
        if (offset + (wide ? 5u : 3u) > task.Limit)
            return FailSelector(Vector.InvalidTss, task.Selector);
        if (wide)
            return ReadSystem(task.Base + offset, out pointer) && ReadSystem(task.Base + offset + 4, out selector);
        if (!ReadSystem(task.Base + offset, out ushort word) || !ReadSystem(task.Base + offset + 2, out selector))
            return false;
        pointer = word;
        return true;
    }

    /// <summary>Reads a stack pointer from a 64-bit task state segment (SDM 3A 7.7).</summary>
    /// <param name="offset">4 and up for RSP0 to RSP2, 36 and up for the interrupt stack table.</param>
    /// <param name="pointer">The pointer.</param>
    private bool ReadLongStack(uint offset, out ulong pointer)
    {
        pointer = 0;
        ref readonly var task = ref Segments[SegmentIndex.Tr];
        if (offset + 7 > task.Limit)
            return FailSelector(Vector.InvalidTss, task.Selector);
        return ReadSystem(task.Base + offset, out pointer);
    }

    /// <summary>Checks a stack segment named by the task state segment, with #TS for what is wrong with it.</summary>
    private bool CheckInnerStack(ushort selector, int level, out Segment segment)
    {
        segment = default;
        if (IsNull(selector))
            return FailSelector(Vector.InvalidTss, selector);
        if (!ReadDescriptor(selector, Vector.InvalidTss, out var descriptor))
            return false;
        var rights = descriptor.Attributes;
        if ((selector & 3) != level || rights.PrivilegeLevel != level || !rights.IsWritable)
            return FailSelector(Vector.InvalidTss, selector);
        if (!rights.IsPresent)
            return FailSelector(Vector.StackFault, selector);
        if (!MarkAccessed(selector, ref descriptor))
            return false;
        segment = descriptor.ToSegment(selector);
        return true;
    }

    /// <summary>Pushes one value on the current stack.</summary>
    internal bool StackPush<T>(T value) where T : unmanaged
    {
        var pointer = (R[4] - (ulong)sizeof(T)) & _stackMask;
        if (!Segmented(SegmentIndex.Ss, pointer, sizeof(T), AccessKind.Write, out var linear)
            || !WriteLinear(SegmentIndex.Ss, linear, value))
            return false;
        SetStackPointer(pointer);
        return true;
    }

    /// <summary>Reads the top of the current stack.</summary>
    internal bool StackPeek<T>(out T value) where T : unmanaged
    {
        value = default;
        return Segmented(SegmentIndex.Ss, R[4] & _stackMask, sizeof(T), AccessKind.Read, out var linear)
            && ReadLinear(SegmentIndex.Ss, linear, out value);
    }

    /// <summary>Pushes a 32-bit slot of which only the low half is stored, as Intel processors push segment registers.</summary>
    internal bool StackPushLow(ushort value)
    {
        var pointer = (R[4] - 4) & _stackMask;
        if (!Segmented(SegmentIndex.Ss, pointer, sizeof(ushort), AccessKind.Write, out var linear)
            || !WriteLinear(SegmentIndex.Ss, linear, value))
            return false;
        SetStackPointer(pointer);
        return true;
    }

    /// <summary>Moves the stack pointer up.</summary>
    /// <param name="bytes">By how much.</param>
    /// <param name="mask">The bits of RSP that the stack uses.</param>
    internal void StackDrop(int bytes, ulong mask)
    {
        var pointer = R[4] + (ulong)bytes;
        R[4] = mask == ushort.MaxValue ? (R[4] & ~0xFFFFUL) | (ushort)pointer : pointer & mask;
    }
}
