using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Conformance.Tests.Qemu.Machine;
using Ringmaster.Cpu.State;

namespace Ringmaster.Conformance.Tests.Qemu.Comparison;

/// <summary>Lists all differences between two ends of a case: the way it ended, the registers, what was pushed, all memory.</summary>
internal sealed class EndComparer
{
    private const ulong ResumeFlag = 0x1_0000;
    private const uint AccessedBit = 0x20, PageTablesEnd = 0x12_0000;

    private static readonly string[] s_names =
        ["RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15"];

    private readonly List<Difference> _differences = [];

    private EndComparer()
    {
    }

    /// <param name="ours">The guest after its run here.</param>
    /// <param name="theirs">After its run in QEMU.</param>
    /// <param name="surprise">How it ended in QEMU, if not as cases do.</param>
    public static IReadOnlyList<Difference> Compare(Guest ours, Guest theirs, string? surprise)
    {
        var comparer = new EndComparer();
        comparer.Check("ending", Text(ours), surprise ?? Text(theirs));
        // Ends that differ leave nothing else to compare, and a shutdown leaves no defined state.
        if (comparer._differences.Count == 0 && ours.Ending != Ending.Shutdown)
            comparer.CompareStates(ours, theirs);
        return comparer._differences;
    }

    private static string Text(Guest guest) => guest.Ending == Ending.Handler ? $"handler {guest.HandlerReached}"
        : guest.Ending.ToString().ToLowerInvariant();

    private void CompareStates(Guest ours, Guest theirs)
    {
        CompareRegisters(ours.State, theirs.State);
        CompareSegments(ours.State, theirs.State);
        CompareSystemRegisters(ours.State, theirs.State);
        var frame = ours.Ending == Ending.Handler && ours.Rsp == theirs.Rsp ? CompareFrames(ours, theirs) : default;
        CompareMemory(ours, theirs, frame);
    }

    private void CompareRegisters(CpuState ours, CpuState theirs)
    {
        for (var i = 0; i < s_names.Length; i++)
            Check(s_names[i], ours.Registers[i], theirs.Registers[i]);
        Check("RIP", ours.Rip, theirs.Rip);
        Check("RFLAGS", ours.Rflags, theirs.Rflags);
    }

    private void CompareSegments(CpuState ours, CpuState theirs)
    {
        Compare("ES", ours.Es, theirs.Es);
        Compare("CS", ours.Cs, theirs.Cs);
        Compare("SS", ours.Ss, theirs.Ss);
        Compare("DS", ours.Ds, theirs.Ds);
        Compare("FS", ours.Fs, theirs.Fs);
        Compare("GS", ours.Gs, theirs.Gs);
        Compare("LDTR", ours.Ldtr, theirs.Ldtr);
        Compare("TR", ours.Tr, theirs.Tr);
        Check("GDTR", ours.Gdtr, theirs.Gdtr);
        Check("IDTR", ours.Idtr, theirs.Idtr);
    }

    private void Compare(string name, Segment ours, Segment theirs)
    {
        Check($"{name} selector", ours.Selector, theirs.Selector);
        Check($"{name} base", ours.Base, theirs.Base);
        Check($"{name} is null", ours.Attributes.IsUnusable, theirs.Attributes.IsUnusable);
        if (ours.Attributes.IsUnusable || theirs.Attributes.IsUnusable)
            return;
        Check($"{name} limit", ours.Limit, theirs.Limit);
        Check($"{name} attributes", ours.Attributes.Value, theirs.Attributes.Value);
    }

    private void CompareSystemRegisters(CpuState ours, CpuState theirs)
    {
        Check("CR0", ours.Cr0, theirs.Cr0);
        Check("CR2", ours.Cr2, theirs.Cr2);
        Check("CR3", ours.Cr3, theirs.Cr3);
        Check("CR4", ours.Cr4, theirs.Cr4);
        Check("CR8", ours.Cr8, theirs.Cr8);
        Check("XCR0", ours.Xcr0, theirs.Xcr0);
        Check("PKRU", ours.Pkru, theirs.Pkru);
        Check("DR0", ours.Dr0, theirs.Dr0);
        Check("DR1", ours.Dr1, theirs.Dr1);
        Check("DR2", ours.Dr2, theirs.Dr2);
        Check("DR3", ours.Dr3, theirs.Dr3);
        Check("DR6", ours.Dr6, theirs.Dr6);
        Check("DR7", ours.Dr7, theirs.Dr7);
        Check("NMIs are blocked", ours.NmiBlocked, theirs.NmiBlocked);
        Check("EFER", ours.Msr.Efer, theirs.Msr.Efer);
        Check("STAR", ours.Msr.Star, theirs.Msr.Star);
        Check("LSTAR", ours.Msr.Lstar, theirs.Msr.Lstar);
        Check("CSTAR", ours.Msr.Cstar, theirs.Msr.Cstar);
        Check("FMASK", ours.Msr.Fmask, theirs.Msr.Fmask);
        Check("KERNEL_GS_BASE", ours.Msr.KernelGsBase, theirs.Msr.KernelGsBase);
        Check("SYSENTER_CS", ours.Msr.SysenterCs, theirs.Msr.SysenterCs);
        Check("SYSENTER_ESP", ours.Msr.SysenterEsp, theirs.Msr.SysenterEsp);
        Check("SYSENTER_EIP", ours.Msr.SysenterEip, theirs.Msr.SysenterEip);
        foreach (var register in ModelSpecific.All)
            Check($"MSR {register.Index:X}", register.Get(ours), register.Get(theirs));
    }

    private (ulong Start, ulong End) CompareFrames(Guest ours, Guest theirs)
    {
        var (left, right) = (ours.Pushed(), theirs.Pushed());
        Check("pushed error code", left.Error ?? 0, right.Error ?? 0);
        Check("pushed RIP", left.Rip, right.Rip);
        Check("pushed CS", left.Cs, right.Cs);
        Check($"RF pushed for vector {ours.HandlerReached}", (left.Flags & ResumeFlag) != 0, (right.Flags & ResumeFlag) != 0);
        Check("pushed flags", left.Flags & ~ResumeFlag, right.Flags & ~ResumeFlag);
        Check("pushed RSP", left.Rsp, right.Rsp);
        var (start, slotSize) = ours.FramePlace();
        // RIP, CS and flags; the stack pointer may or may not be there.
        var slots = left.Error is null ? 3U : 4;
        return (start, start + slots * (uint)slotSize);
    }

    private void CompareMemory(Guest ours, Guest theirs, (ulong Start, ulong End) frame)
    {
        ReadOnlySpan<byte> left = ours.Memory, right = theirs.Memory;
        var at = 0;
        while (true)
        {
            at += left[at..].CommonPrefixLength(right[at..]);
            if (at == left.Length)
                return;
            at &= ~3;
            if ((ulong)at < frame.Start || (ulong)at >= frame.End)
                CompareWord((uint)at, ours, theirs);
            at += 4;
        }
    }

    private void CompareWord(uint at, Guest ours, Guest theirs)
    {
        var (left, right) = (ours.Read<uint>(at), theirs.Read<uint>(at));
        if (at is >= PageTables.Tables and < PageTablesEnd && (left ^ right) == AccessedBit)
            Check($"accessed bit [{at:X}]", (left & AccessedBit) != 0, (right & AccessedBit) != 0);
        else
            Check($"{Region(at)} [{at:X}]", left, right);
    }

    private static string Region(uint at) => at switch
    {
        >= Layout.Gdt and < Layout.Idt => "descriptor",
        >= Layout.Tss and < Layout.Ldt => "task state",
        >= Layout.LowestStack and < Layout.Target => "stack",
        >= PageTables.Tables and < PageTablesEnd => "paging entry",
        _ => "memory",
    };

    private void Check<T>(string field, T ours, T theirs) where T : notnull
    {
        if (!ours.Equals(theirs))
            _differences.Add(new Difference(field, Text(ours), Text(theirs)));
    }

    private static string Text<T>(T value) where T : notnull => value switch
    {
        ulong or uint or ushort => ((IFormattable)value).ToString("X", null),
        bool yes => yes ? "yes" : "no",
        DescriptorTable table => $"{table.Base:X}+{table.Limit:X}",
        _ => value.ToString()!,
    };
}
