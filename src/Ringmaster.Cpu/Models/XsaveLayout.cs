namespace Ringmaster.Cpu.Models;

/// <summary>
/// Which state components XSAVE has and where it puts them. The places differ between processors (AMD leaves no gap for MPX),
/// so an engine that lets the host's XSAVE run must take the host's.
/// </summary>
public sealed class XsaveLayout
{
    /// <summary>Bytes of the legacy area and the header, which every XSAVE area starts with.</summary>
    public const int HeaderEnd = 576;

    /// <summary>x87 and SSE, which live in the legacy area.</summary>
    private const ulong Legacy = 3;

    private XsaveLayout(IEnumerable<XsaveComponent> components)
    {
        Components = [.. components.OrderBy(c => c.Number)];
    }

    /// <summary>The places that Intel's processors use.</summary>
    public static XsaveLayout Intel { get; } = new(
    [
        new(2, 256, 576, false, false), new(3, 64, 960, false, false), new(4, 64, 1024, false, false),
        new(5, 64, 1088, false, false), new(6, 512, 1152, false, false), new(7, 1024, 1664, false, false),
        new(9, 8, 2688, false, false), new(11, 16, 0, true, false), new(12, 24, 0, true, false),
        new(17, 64, 2752, false, true), new(18, 8192, 2816, false, true), new(19, 128, 960, false, false),
    ]);

    /// <summary>The components beyond x87 and SSE, in ascending order.</summary>
    public IReadOnlyList<XsaveComponent> Components { get; }

    /// <summary>The bits that the guest may set in XCR0, x87 and SSE included.</summary>
    public ulong Xcr0Mask => Components.Where(c => !c.IsSupervisor).Aggregate(Legacy, (mask, c) => mask | 1UL << c.Number);

    /// <summary>The bits that the guest may set in IA32_XSS.</summary>
    public ulong XssMask => Components.Where(c => c.IsSupervisor).Aggregate(0UL, (mask, c) => mask | 1UL << c.Number);

    /// <summary>The layout that a processor's leaf 0xD describes.</summary>
    public static XsaveLayout FromCpuid(Func<uint, uint, CpuidResult> cpuid)
    {
        ArgumentNullException.ThrowIfNull(cpuid);
        var source = new BoundedCpuid(cpuid);
        var components = new List<XsaveComponent>();
        for (var number = 2; number < 63; number++)
        {
            var leaf = source[0xD, (uint)number];
            if (leaf.Eax != 0)
                components.Add(new(number, (int)leaf.Eax, (int)leaf.Ebx, (leaf.Ecx & 1) != 0, (leaf.Ecx & 2) != 0));
        }
        return new(components);
    }

    /// <summary>The part of the layout that a set of features uses.</summary>
    public XsaveLayout For(CpuFeatureSet features) => new(Components.Where(c => c.IsWanted(features)));

    /// <summary>Bytes of an area in the standard format that holds the given components: leaf 0xD's EBX.</summary>
    /// <param name="components">XCR0.</param>
    public int StandardSize(ulong components) =>
        Components.Where(c => !c.IsSupervisor && (components >> c.Number & 1) != 0)
            .Select(c => c.Offset + c.Size).Append(HeaderEnd).Max();

    /// <summary>Bytes of an area in the compacted format that holds the given components: leaf 0xD.1's EBX.</summary>
    /// <param name="components">XCR0 | IA32_XSS.</param>
    public int CompactedSize(ulong components)
    {
        var end = HeaderEnd;
        foreach (var component in Components.Where(c => (components >> c.Number & 1) != 0))
            end = (component.IsAligned ? (end + 63) & ~63 : end) + component.Size;
        return end;
    }
}
