using System.Reflection;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Memory;

namespace Ringmaster.Cpu.Translator.Tests.Golden;

/// <summary>Names for places in a vCPU's area, so that no text depends on how it is laid out.</summary>
internal static class AreaNames
{
    private static readonly string[] s_registers =
        ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

    private static readonly string[] s_segments = ["es", "cs", "ss", "ds", "fs", "gs"];

    private static readonly Dictionary<int, string> s_names = Collect();

    /// <summary>The name of what is at an offset.</summary>
    public static string Of(int offset)
    {
        if (s_names.TryGetValue(offset, out var name))
            return name;
        if (offset >= Area.SlotsOf(0) && offset < Area.JumpTags(0))
        {
            var (number, within) = Math.DivRem(offset - Area.SlotsOf(0), SiteSlot.Size);
            return Slot(number) + "." + FieldOf(within);
        }
        if (offset >= Area.PageCheckTable && offset < Area.Tlb)
            return $"page_checks+{(offset - Area.PageCheckTable) / sizeof(uint)}";
        throw new InvalidOperationException($"Nothing is known of offset 0x{offset:x} of the area; AreaNames should name it.");
    }

    /// <summary>The name of a slot of the first context, by its place.</summary>
    public static string SlotAt(int place) => Slot((place - Area.SlotsOf(0)) / SiteSlot.Size);

    private static string Slot(int number) => number < Area.Slots / 2 ? $"load{number}" : $"store{number - Area.Slots / 2}";

    private static string FieldOf(int within) => within switch
    {
        0 => "start",
        SiteSlot.LimitOffset => "limit",
        SiteSlot.HostOffset => "host",
        SiteSlot.AddendOffset => "addend",
        SiteSlot.NegatedWindowOffset => "minus_window",
        SiteSlot.WindowMaskOffset => "window_mask",
        _ => $"field{within}",
    };

    private static Dictionary<int, string> Collect()
    {
        // Fields first: a table's name is more telling than that of the group of tables that begins with it.
        var names = new Dictionary<int, string>();
        for (var i = 0; i < s_registers.Length; i++)
            names[Area.Register(i)] = s_registers[i];
        for (var i = 0; i < s_segments.Length; i++)
        {
            names[Area.Bases + i * 8] = $"{s_segments[i]}_base";
            names[Area.SegmentBase(i)] = $"{s_segments[i]}_hidden_base";
            names[Area.Selector(i)] = s_segments[i];
        }
        names[Area.JumpTags(0)] = "jump_tags";
        names[Area.JumpHosts(0)] = "jump_hosts";
        for (var mode = 0; mode < Area.TlbModes; mode++)
        {
            names[Area.DirectOf(mode, Area.DirectReads)] = $"tlb{mode}_loads";
            names[Area.DirectOf(mode, Area.DirectWrites)] = $"tlb{mode}_stores";
            names[Area.DirectOf(mode, Area.DirectAddends)] = $"tlb{mode}_addends";
        }
        string[] tables = [nameof(Area.File), nameof(Area.ContextTables), nameof(Area.Size), nameof(Area.Tlb), nameof(Area.Direct), nameof(Area.Segments), nameof(Area.Bases), nameof(Area.PageCheckTable)];
        foreach (var field in typeof(Area).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => !f.IsLiteral && !tables.Contains(f.Name)))
            names.TryAdd((int)field.GetValue(null)!, field.Name);
        return names;
    }
}
