namespace Ringmaster.Fuzz.Tests.Engine;

/// <summary>Makes segment descriptors and gates (SDM 3A 3.4.5, 6.11, 6.14.1).</summary>
internal static class Descriptors
{
    public const ushort Code32 = 0x08, Data32 = 0x10, Code16 = 0x18, Data16 = 0x20, Code64 = 0x28, UserCode32 = 0x33, UserData = 0x3B,
        UserCode64 = 0x43, TaskSelector = 0x48, LdtSelector = 0x58, OtherTask = 0x68, CallGate = 0x78, TaskGate = 0x88, Conforming = 0x90,
        ReadOnly = 0x98, ExpandDown = 0xA0, NotPresent = 0xA8;

    public static readonly ushort[] All =
    [
        0, 3, Code32, Data32, Code16, Data16, Code64, UserCode32, UserData, UserCode64, TaskSelector, LdtSelector, OtherTask, CallGate,
        TaskGate, Conforming, ReadOnly, ExpandDown, NotPresent, 0x0C, 0x14, 0xFFF8,
    ];

    /// <summary>A segment: type in the low five bits with S, DPL above.</summary>
    public static ulong Segment(ulong start, uint limit, int access, int flags) =>
        (limit & 0xFFFF) | (start & 0xFF_FFFF) << 16 | (ulong)(uint)access << 40 | (ulong)(limit >> 16 & 0xF) << 48
        | (ulong)(uint)flags << 52 | (start >> 24 & 0xFF) << 56;

    /// <summary>The low eight bytes of a gate.</summary>
    public static ulong Gate(ushort selector, ulong offset, int access, int stack) =>
        (offset & 0xFFFF) | (ulong)selector << 16 | (ulong)(uint)stack << 32 | (ulong)(uint)access << 40 | (offset >> 16 & 0xFFFF) << 48;

    public static ulong[] Table(FuzzRandom random, bool isLong)
    {
        var table = new ulong[64];
        table[Code32 >> 3] = Segment(0, 0xF_FFFF, 0x9B, 0xC);
        table[Data32 >> 3] = Segment(0, 0xF_FFFF, 0x93, 0xC);
        table[Code16 >> 3] = Segment(0, 0xFFFF, 0x9B, 0);
        table[Data16 >> 3] = Segment(0, 0xFFFF, 0x93, 0);
        table[Code64 >> 3] = Segment(0, 0xF_FFFF, 0x9B, 0xA);
        table[UserCode32 >> 3] = Segment(0, 0xF_FFFF, 0xFB, 0xC);
        table[UserData >> 3] = Segment(0, 0xF_FFFF, 0xF3, 0xC);
        table[UserCode64 >> 3] = Segment(0, 0xF_FFFF, 0xFB, 0xA);
        table[TaskSelector >> 3] = Segment(Layout.TaskState, 0x1FFF, 0x8B, 0);
        table[LdtSelector >> 3] = Segment(Layout.Ldt, 0xFF, 0x82, 0);
        table[OtherTask >> 3] = Segment(Layout.TaskState + 0x1000 + (ulong)random.Below(0x800), 0x68, random.Pick(0x89, 0x81, 0x8B, 0xE9), 0);
        table[CallGate >> 3] = Gate(isLong ? Code64 : Code32, Layout.Code + (ulong)random.Below(0x7000), random.Pick(0xEC, 0xE4), random.Below(32));
        table[TaskGate >> 3] = Gate(OtherTask, 0, 0xE5, 0);
        table[Conforming >> 3] = Segment(0, 0xF_FFFF, 0x9F, isLong ? 0xA : 0xC);
        table[ReadOnly >> 3] = Segment(random.Edgy(), (uint)random.Edgy(), 0x91, 0xC);
        table[ExpandDown >> 3] = Segment(0, (uint)random.Edgy(), 0x97, random.Pick(0x4, 0xC, 0));
        table[NotPresent >> 3] = Segment(0, 0xF_FFFF, 0x13, 0xC);
        for (var i = 24; i < table.Length; i++)
            table[i] = random.Next() | (random.Chance(70) ? 1UL << 47 : 0);
        for (var i = random.Chance(30) ? random.Below(12) : 0; i > 0; i--)
            table[random.Below(table.Length)] ^= 1UL << random.Below(64);
        return table;
    }

    /// <summary>256 gates, most of them usable.</summary>
    public static ulong[] InterruptTable(FuzzRandom random, bool isLong)
    {
        var step = isLong ? 2 : 1;
        var table = new ulong[256 * step];
        for (var i = 0; i < 256; i++)
        {
            var selector = random.Chance(90) ? isLong ? Code64 : random.Pick(Code32, Code32, Code32, Code16, Conforming) : random.Pick(All);
            var type = random.Chance(90) ? random.Pick(0x8E, 0x8F, 0xEE, 0xEF) : random.Pick(0x86, 0x87, 0x85, 0xE5, 0x0E, 0x8C, 0xFF);
            var offset = random.Chance(95) ? Layout.Code + (ulong)random.Below(0x7000) : random.Edgy();
            if (type == 0x85 || type == 0xE5)
                selector = random.Pick(OtherTask, TaskSelector);
            table[i * step] = Gate(selector, offset, type, isLong && random.Chance(20) ? random.Below(8) : 0);
            if (isLong)
                table[i * step + 1] = offset >> 32;
        }
        for (var i = random.Chance(30) ? random.Below(40) : 0; i > 0; i--)
            table[random.Below(table.Length)] ^= 1UL << random.Below(64);
        return table;
    }
}
