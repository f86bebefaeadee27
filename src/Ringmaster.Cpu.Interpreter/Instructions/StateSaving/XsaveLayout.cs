using Ringmaster.Cpu.Interpreter.Execution;

namespace Ringmaster.Cpu.Interpreter.Instructions.StateSaving;

/// <summary>Where components lie in an XSAVE area (SDM 1 13.4; CPUID leaf D).</summary>
internal static class XsaveLayout
{
    public const int HeaderOffset = 512, HeaderSize = 64, ExtendedOffset = 576, AlignmentMask = 63;

    /// <summary>Bit 63 of XCOMP_BV: the area is compacted.</summary>
    public const ulong Compacted = 1UL << 63;

    private const uint Aligned = 2;

    /// <summary>A component's bytes.</summary>
    public static int SizeOf(Vcpu cpu, int component) => (int)Math.Min(cpu.Cpuid[0xD, (uint)component].Eax, StateImage.LargestComponent);

    /// <summary>Where a component from 2 up begins.</summary>
    /// <param name="cpu">The vCPU, whose CPUID says it.</param>
    /// <param name="component">The component.</param>
    /// <param name="components">XCOMP_BV for the compacted format, 0 for the standard one.</param>
    public static int OffsetOf(Vcpu cpu, int component, ulong components)
    {
        if (components == 0)
            return (int)cpu.Cpuid[0xD, (uint)component].Ebx;
        var offset = ExtendedOffset;
        for (var i = 2; i < component; i++)
        {
            if ((components >> i & 1) != 0)
                offset = Align(cpu, i, offset) + (int)cpu.Cpuid[0xD, (uint)i].Eax;
        }
        return Align(cpu, component, offset);
    }

    /// <summary>Bytes from the area's start to the end of its last component.</summary>
    public static int SizeOfArea(Vcpu cpu, ulong present, ulong components)
    {
        var size = ExtendedOffset;
        for (var i = 2; i < 63; i++)
        {
            if ((present >> i & 1) != 0)
                size = Math.Max(size, OffsetOf(cpu, i, components) + SizeOf(cpu, i));
        }
        return size;
    }

    private static int Align(Vcpu cpu, int component, int offset) =>
        (cpu.Cpuid[0xD, (uint)component].Ecx & Aligned) != 0 ? (offset + AlignmentMask) & ~AlignmentMask : offset;
}
