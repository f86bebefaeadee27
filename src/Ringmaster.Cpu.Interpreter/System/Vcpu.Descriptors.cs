using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Paging;
using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Reading descriptors from the GDT and the LDT.</summary>
internal unsafe partial class Vcpu
{
    /// <summary>Accessed, in a descriptor's second doubleword.</summary>
    private const uint AccessedBit = 1 << 8;

    /// <summary>Finds a descriptor in its table.</summary>
    /// <returns>False if it lies outside the table; no fault is raised.</returns>
    private bool FindDescriptor(ushort selector, int size, out ulong linear)
    {
        var offset = selector & 0xFFF8u;
        ulong start = Gdtr.Base;
        uint limit = Gdtr.Limit;
        if ((selector & 4) != 0)
        {
            ref readonly var table = ref Segments[SegmentIndex.Ldtr];
            (start, limit) = (table.Base, table.Limit);
            if (table.Attributes.IsUnusable)
            {
                linear = 0;
                return false;
            }
        }
        linear = start + offset;
        return offset + (ulong)size - 1 <= limit;
    }

    /// <summary>Reads a descriptor of eight bytes.</summary>
    /// <param name="selector">Not null.</param>
    /// <param name="outside">What to raise if it lies outside its table.</param>
    /// <param name="descriptor">The descriptor.</param>
    private bool ReadDescriptor(ushort selector, Vector outside, out Descriptor descriptor)
    {
        descriptor = default;
        if (!FindDescriptor(selector, 8, out var linear))
            return FailSelector(outside, selector);
        if (!ReadSystem(linear, out ulong low))
            return false;
        descriptor = new Descriptor(low, 0);
        return true;
    }

    /// <summary>Where a descriptor of the GDT is in guest memory, leaving no trace.</summary>
    /// <returns>False if it is not there, not mapped or in two pages.</returns>
    internal bool TryProbeDescriptor(ushort selector, out ulong linear, out PageTranslation translation)
    {
        translation = default;
        if (!FindDescriptor(selector, 8, out linear) || (selector & 4) != 0 || (linear & 0xFFF) > 0xFF8)
            return false;
        translation = Probe(linear, AccessKind.Read, MmuMode.Supervisor);
        return !translation.IsFault;
    }

    /// <summary>Adds the second half of a system descriptor in long mode; outside long mode there is none.</summary>
    private bool ReadUpperHalf(ushort selector, Vector fault, ref Descriptor descriptor)
    {
        if (!IsLongMode)
            return true;
        if (!FindDescriptor(selector, 16, out var linear))
            return FailSelector(fault, selector);
        if (!ReadSystem(linear + 8, out ulong high))
            return false;
        descriptor = descriptor with { High = high };
        return descriptor.UpperType == 0 || FailSelector(fault, selector);
    }

    /// <summary>Sets a segment descriptor's accessed bit, in the table and in the copy.</summary>
    private bool MarkAccessed(ushort selector, ref Descriptor descriptor)
    {
        if (descriptor.Attributes.IsAccessed)
            return true;
        descriptor = descriptor with { Low = descriptor.Low | ((ulong)AccessedBit << 32) };
        FindDescriptor(selector, 8, out var linear);
        return UpdateSystem(linear + 4, 0, AccessedBit, out _);
    }

    /// <summary>A segment register after a null selector has been loaded.</summary>
    private static Segment NullSegment(ushort selector) => new(selector, 0, 0, SegmentAttributes.Unusable);

    /// <summary>The stack segment that long mode loads on a change of privilege: a null selector that carries the level.</summary>
    private static Segment NullStack(ushort selector, int level) =>
        new(selector, 0, 0, SegmentAttributes.Unusable.WithPrivilegeLevel(level));
}
