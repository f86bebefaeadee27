using Ringmaster.Cpu.State;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>A descriptor as it lies in a table: segments, system segments and gates (SDM 3A 3.4.5, 3.5, 5.8.3, 6.11, 6.14.1).</summary>
/// <param name="Low">The first eight bytes.</param>
/// <param name="High">The second eight bytes of system descriptors and gates in long mode; zero otherwise.</param>
internal readonly record struct Descriptor(ulong Low, ulong High)
{
    /// <summary>Access rights.</summary>
    public SegmentAttributes Attributes => SegmentAttributes.FromDescriptor((uint)(Low >> 32));

    /// <summary>The type field, meaningful together with <see cref="IsSystem"/>.</summary>
    public int Type => (int)(Low >> 40) & 0xF;

    /// <summary>Neither code nor data.</summary>
    public bool IsSystem => (Low >> 44 & 1) == 0;

    /// <summary>DPL.</summary>
    public int PrivilegeLevel => (int)(Low >> 45) & 3;

    /// <summary>P.</summary>
    public bool IsPresent => (Low >> 47 & 1) != 0;

    /// <summary>The base, 64 bits wide for long mode's system segments.</summary>
    public ulong Base => (Low >> 16 & 0xFF_FFFF) | (Low >> 56 << 24) | (High << 32);

    /// <summary>The limit in bytes.</summary>
    public uint Limit
    {
        get
        {
            var limit = (uint)(Low & 0xFFFF) | (uint)(Low >> 32 & 0xF_0000);
            return Attributes.HasPageGranularity ? (limit << 12) | 0xFFF : limit;
        }
    }

    /// <summary>A gate's code segment or TSS.</summary>
    public ushort GateSelector => (ushort)(Low >> 16);

    /// <summary>A gate's offset, as wide as the gate is.</summary>
    public ulong GateOffset => (Type & 8) == 0 ? Low & 0xFFFF : (Low & 0xFFFF) | (Low >> 48 << 16) | (High << 32);

    /// <summary>How many parameters a call gate copies.</summary>
    public int ParameterCount => (int)(Low >> 32) & 0x1F;

    /// <summary>Which stack of the interrupt stack table a 64-bit gate uses; 0 for none.</summary>
    public int InterruptStack => (int)(Low >> 32) & 7;

    /// <summary>The type field of a 16-byte descriptor's second half, which must be zero.</summary>
    public int UpperType => (int)(High >> 40) & 0x1F;

    /// <summary>The descriptor as the hidden part of a segment register.</summary>
    public Segment ToSegment(ushort selector) => new(selector, Base, Limit, Attributes);
}
