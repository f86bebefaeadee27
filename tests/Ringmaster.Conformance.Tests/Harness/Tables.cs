using static Ringmaster.Conformance.Tests.Harness.Descriptors;

namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>Builds the descriptor tables, the task state segments, the handlers and the pages of marks.</summary>
internal static class Tables
{
    public static void Build(Guest guest)
    {
        BuildGlobalTable(guest);
        BuildInterruptTables(guest);
        BuildTasks(guest);
        foreach (var (start, end) in (ReadOnlySpan<(uint, uint)>)[(Layout.LowMarks, Layout.LowMarksEnd),
            (Layout.Target, Layout.Target + 0x1000), (Layout.Frame, Layout.Frame + 0x1000)])
        {
            for (var at = start; at < end; at += 2)
                guest.Write(at, Layout.Mark);
        }
    }

    private static void BuildGlobalTable(Guest guest)
    {
        const uint bytes16 = 0, bytes32 = 4, long64 = 0xA, pages32 = 0xC;
        var isLong = guest.Mode.IsLong();
        var kernel = isLong ? Selectors.Code64 : Selectors.Code32;
        void Set(ushort selector, ulong descriptor) => guest.Write(Layout.Gdt + (ulong)selector, descriptor);
        Set(Selectors.Code64, Segment(0, 0xFFFFF, 0x9B, long64));
        Set(Selectors.Data, Segment(0, 0xFFFFF, 0x93, pages32));
        Set(Selectors.Code32, Segment(0, 0xFFFFF, 0x9B, pages32));
        Set(Selectors.UserCode32, Segment(0, 0xFFFFF, 0xFB, pages32));
        Set(Selectors.UserData, Segment(0, 0xFFFFF, 0xF3, pages32));
        Set(Selectors.UserCode64, Segment(0, 0xFFFFF, 0xFB, long64));
        Set(Selectors.Code16, Segment(Layout.Target, 0xFFFF, 0x9B, bytes16));
        Set(Selectors.Data16, Segment(0x3_0000, 0xFFFF, 0x93, bytes16));
        Set(Selectors.Tss, Segment(Layout.Tss, 0x110, 0x8B, 0));
        Set(Selectors.Ldt, Segment(Layout.Ldt, 0xFF, 0x82, 0));
        Set(Selectors.Conforming32, Segment(0, 0xFFFFF, 0x9E, pages32));
        Set(Selectors.AbsentData, Segment(0, 0xFFFFF, 0x13, pages32));
        Set(Selectors.ReadOnlyData, Segment(0, 0xFFFFF, 0x90, pages32));
        Set(Selectors.ExecuteOnly, Segment(0, 0xFFFFF, 0x98, pages32));
        Set(Selectors.AbsentCode, Segment(0, 0xFFFFF, 0x1B, isLong ? long64 : pages32));
        Set(Selectors.CallGate, Gate(kernel, Layout.Target, 0xC));
        Set(Selectors.TaskGate, Gate(Selectors.OtherTss, 0, 5));
        Set(Selectors.OtherTss, Segment(Layout.OtherTss, 0x110, 0x89, 0));
        Set(Selectors.Data1, Segment(0, 0xFFFFF, 0xB3, pages32));
        Set(Selectors.Conforming64, Segment(0, 0xFFFFF, 0x9F, long64));
        Set(Selectors.SmallData, Segment(Layout.Data, 0xFFF, 0x92, bytes32));
        Set(Selectors.LongAndBig, Segment(0, 0xFFFFF, 0x9B, 0xE));
        Set(Selectors.Code1, Segment(0, 0xFFFFF, 0xBB, isLong ? long64 : pages32));
        Set(Selectors.Tss16, Segment(Layout.Tss16, 0x2B, 0x81, 0));
        Set(Selectors.ExpandDown, Segment(0, 0xF, 0x97, pages32));
        Set(Selectors.SmallCode, Segment(0, 0xFFF, 0x9B, bytes32));
        Set(Selectors.UserCallGate, Gate(kernel, Layout.Target, 0xC, level: 3, stackOrCount: isLong ? 0 : 2));
        Set(Selectors.CallGateTo1, Gate(Selectors.Code1, Layout.Target, 0xC, level: 3));
        if (!isLong)
        {
            Set(Selectors.CallGate16, Gate(Selectors.Code32, 0x1234_2000, 4, level: 3, stackOrCount: 1));
            Set(Selectors.UserTaskGate, Gate(Selectors.OtherTss, 0, 5, level: 3));
            Set(Selectors.UserTss, Segment(Layout.OtherTss, 0x110, 0xE9, 0));
        }
        Set(Selectors.ConformingUser, Segment(0, 0xFFFFF, 0xFE, pages32));
        guest.Write(Layout.Ldt + 8UL, Segment(0, 0xFFFFF, 0x93, pages32));
    }

    private static void BuildInterruptTables(Guest guest)
    {
        for (var vector = 0; vector < 256; vector++)
        {
            var level = vector is 3 or 4 or 0x80 ? 3 : 0;
            guest.SetGate(vector, guest.Mode.IsLong() ? Selectors.Code64 : Selectors.Code32, Layout.Handler(vector), 0xE, level);
            // OUT vector, AL; HLT. Handlers 20h, 21h, A0h and A1h are not heard of where the kernel has the 8259 pair, whose ports these are.
            guest.Write(Layout.Handler(vector), (byte)0xE6);
            guest.Write(Layout.Handler(vector) + 1UL, (byte)vector);
            guest.Write(Layout.Handler(vector) + 2UL, (byte)0xF4);
            // The real-mode table lies in the first kilobyte.
            guest.Write((ulong)vector * 4, (uint)(0x2000 << 16 | vector * 16));
        }
    }

    private static void BuildTasks(Guest guest)
    {
        foreach (var task in (ReadOnlySpan<ulong>)[Layout.Tss, Layout.OtherTss])
        {
            guest.Write(task + 102, Layout.IoMap);
            // Ports 8 to 15 are forbidden; a byte of ones ends the map.
            guest.Write(task + Layout.IoMap + 1, (byte)0xFF);
            guest.Write(task + 0x110, (byte)0xFF);
        }
        if (guest.Mode.IsLong())
        {
            guest.Write(Layout.Tss + 4UL, (ulong)Layout.Stack0);
            guest.Write(Layout.Tss + 12UL, (ulong)Layout.Stack1);
            guest.Write(Layout.Tss + 36UL, (ulong)Layout.MisalignedStack);
        }
        else
        {
            guest.Write(Layout.Tss + 4UL, Layout.Stack0);
            guest.Write(Layout.Tss + 8UL, Selectors.Data);
            guest.Write(Layout.Tss + 12UL, Layout.Stack1);
            guest.Write(Layout.Tss + 16UL, (ushort)(Selectors.Data1 | 1));
        }
    }
}
