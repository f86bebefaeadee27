using System.Buffers.Binary;

namespace Ringmaster.Cpu.Interpreter.Tests.Privileged.Harness;

/// <summary>Builds the descriptor tables, the task state segments and the page tables.</summary>
internal static class Tables
{
    private const ulong Present = 1, Writable = 2, User = 4;

    /// <summary>A segment descriptor.</summary>
    /// <param name="start">Base.</param>
    /// <param name="limit">Limit, in bytes or pages.</param>
    /// <param name="type">P, DPL, S and type.</param>
    /// <param name="flags">G, D, L, AVL.</param>
    public static ulong Segment(uint start, uint limit, uint type, uint flags) =>
        (limit & 0xFFFF) | ((ulong)(start & 0xFF_FFFF) << 16) | ((ulong)type << 40) | ((ulong)(limit >> 16 & 0xF) << 48)
        | ((ulong)flags << 52) | ((ulong)(start >> 24) << 56);

    /// <summary>The low half of a gate.</summary>
    public static ulong Gate(ushort selector, ulong offset, int type, int level = 0, bool present = true, int stackOrCount = 0) =>
        (offset & 0xFFFF) | ((ulong)selector << 16) | ((ulong)stackOrCount << 32)
        | ((ulong)(type | (level << 5) | (present ? 0x80 : 0)) << 40) | ((offset >> 16 & 0xFFFF) << 48);

    public static void Build(PrivilegedMachine machine, bool isLong)
    {
        BuildGlobalTable(machine, isLong);
        BuildInterruptTable(machine, isLong);
        BuildTasks(machine, isLong);
        BuildPageTables(machine);
    }

    private static void BuildGlobalTable(PrivilegedMachine machine, bool isLong)
    {
        const uint bytes16 = 0, bytes32 = 4, long64 = 0xA, pages32 = 0xC;
        void Set(ushort selector, ulong descriptor) => machine.Write(Layout.Gdt + (ulong)selector, descriptor);
        Set(Selectors.Code64, Segment(0, 0xFFFFF, 0x9B, long64));
        Set(Selectors.Data, Segment(0, 0xFFFFF, 0x93, pages32));
        Set(Selectors.Code32, Segment(0, 0xFFFFF, 0x9B, pages32));
        Set(Selectors.UserCode32, Segment(0, 0xFFFFF, 0xFB, pages32));
        Set(Selectors.UserData, Segment(0, 0xFFFFF, 0xF3, pages32));
        Set(Selectors.UserCode64, Segment(0, 0xFFFFF, 0xFB, long64));
        Set(Selectors.Code16, Segment(Layout.Code, 0xFFFF, 0x9B, bytes16));
        Set(Selectors.Data16, Segment(0x3_0000, 0xFFFF, 0x93, bytes16));
        // Not busy: the task register is set up by hand.
        Set(Selectors.Tss, Segment(Layout.Tss, 0x110, isLong ? 0x89u : 0x8B, 0));
        Set(Selectors.Ldt, Segment(Layout.Ldt, 0xFF, 0x82, 0));
        Set(Selectors.Conforming32, Segment(0, 0xFFFFF, 0x9E, pages32));
        Set(Selectors.AbsentData, Segment(0, 0xFFFFF, 0x13, pages32));
        Set(Selectors.ReadOnlyData, Segment(0, 0xFFFFF, 0x90, pages32));
        Set(Selectors.ExecuteOnly, Segment(0, 0xFFFFF, 0x98, pages32));
        Set(Selectors.AbsentCode, Segment(0, 0xFFFFF, 0x1B, isLong ? long64 : pages32));
        Set(Selectors.CallGate, Gate(isLong ? Selectors.Code64 : Selectors.Code32, Layout.Target, 0xC));
        Set(Selectors.TaskGate, Gate(Selectors.OtherTss, 0, 5));
        Set(Selectors.OtherTss, Segment(Layout.OtherTss, 0x67, 0x89, 0));
        Set(Selectors.Data1, Segment(0, 0xFFFFF, 0xB3, pages32));
        Set(Selectors.Conforming64, Segment(0, 0xFFFFF, 0x9F, long64));
        Set(Selectors.SmallData, Segment(Layout.Data, 0xFFF, 0x92, bytes32));
        Set(Selectors.LongAndBig, Segment(0, 0xFFFFF, 0x9B, 0xE));
        Set(Selectors.Code1, Segment(0, 0xFFFFF, 0xBB, pages32));
        Set(Selectors.Tss16, Segment(Layout.Tss16, 0x2B, 0x81, 0));
        Set(Selectors.ExpandDown, Segment(0, 0xF, 0x97, pages32));
        Set(Selectors.SmallCode, Segment(0, 0xFFF, 0x9B, bytes32));
        Set(Selectors.UserCallGate, Gate(isLong ? Selectors.Code64 : Selectors.Code32, Layout.Target, 0xC, level: 3, stackOrCount: isLong ? 0 : 2));
        machine.Write(Layout.Ldt + 8UL, Segment(0, 0xFFFFF, 0x93, pages32));
    }

    private static void BuildInterruptTable(PrivilegedMachine machine, bool isLong)
    {
        var code = isLong ? Selectors.Code64 : Selectors.Code32;
        for (var vector = 0; vector < 256; vector++)
        {
            var level = vector is 3 or 4 or 0x80 ? 3 : 0;
            machine.SetGate(vector, code, Layout.Handler(vector), 0xE, level);
            // The real-mode table lies in the first kilobyte.
            machine.Write((ulong)vector * 4, (uint)(0x2000 << 16 | vector * 16));
        }
    }

    private static void BuildTasks(PrivilegedMachine machine, bool isLong)
    {
        var task = new byte[0x111];
        if (isLong)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(task.AsSpan(4), Layout.Stack0);
            BinaryPrimitives.WriteUInt64LittleEndian(task.AsSpan(12), Layout.Stack1);
            BinaryPrimitives.WriteUInt64LittleEndian(task.AsSpan(36), Layout.MisalignedStack);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(task.AsSpan(4), Layout.Stack0);
            BinaryPrimitives.WriteUInt16LittleEndian(task.AsSpan(8), Selectors.Data);
            BinaryPrimitives.WriteUInt32LittleEndian(task.AsSpan(12), Layout.Stack1);
            BinaryPrimitives.WriteUInt16LittleEndian(task.AsSpan(16), Selectors.Data1 | 1);
        }
        BinaryPrimitives.WriteUInt16LittleEndian(task.AsSpan(102), Layout.IoMap);
        // Ports 8 to 15 are forbidden; a byte of ones ends the map.
        task[Layout.IoMap + 1] = 0xFF;
        task[0x110] = 0xFF;
        machine.Write(Layout.Tss, task);
    }

    private static void BuildPageTables(PrivilegedMachine machine)
    {
        const ulong all = Present | Writable | User;
        machine.Write(Layout.PageTables, (Layout.PageTables + 0x1000) | all);
        machine.Write(Layout.PageTables + 0x1000, (Layout.PageTables + 0x2000) | all);
        machine.Write(Layout.PageTables + 0x2000, Layout.PageTable | all);
        for (var page = 0UL; page < 512; page++)
            machine.Write(Layout.PageTable + page * 8, (page << 12) | all);
    }
}
