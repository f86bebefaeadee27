using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>The CPUID features that decide what control registers and MSRs accept, looked up once.</summary>
internal sealed record CpuFeatures(
    bool Vme, bool De, bool Pse, bool Pae, bool Mce, bool Pge, bool Fxsr, bool Sse, bool Xsave, bool Pcid, bool Smep, bool Smap,
    bool Umip, bool Fsgsbase, bool Pku, bool La57, bool Nx, bool Syscall, bool LongMode, bool Rdtscp, bool Pages1G, bool Monitor,
    bool Ffxsr, bool X2Apic, bool TscDeadline, bool IsAmd, bool SpecCtrl, bool ArchCapabilities, bool Svm, bool Pcommit,
    bool Invpcid, bool TscAdjust, bool Xsaves, bool Xsavec, int PhysicalAddressBits, int LinearAddressBits, uint FamilyModelStepping,
    bool NullSelectorClearsBase, bool Lahf, bool DeprecatesFcsFds, bool SavesErrorPointers, bool HasMisalignedSse,
    bool MaskedInterruptsEndMwait)
{
    public static CpuFeatures From(CpuidTable table)
    {
        var one = table[1, 0];
        var seven = table[7, 0];
        var extended = table[0x8000_0001, 0];
        var xsave = table[0xD, 1];
        var sizes = table[0x8000_0008, 0].Eax;
        return new CpuFeatures(
            Vme: Bit(one.Edx, 1), De: Bit(one.Edx, 2), Pse: Bit(one.Edx, 3), Pae: Bit(one.Edx, 6), Mce: Bit(one.Edx, 7),
            Pge: Bit(one.Edx, 13), Fxsr: Bit(one.Edx, 24), Sse: Bit(one.Edx, 25), Xsave: Bit(one.Ecx, 26), Pcid: Bit(one.Ecx, 17),
            Smep: Bit(seven.Ebx, 7), Smap: Bit(seven.Ebx, 20), Umip: Bit(seven.Ecx, 2), Fsgsbase: Bit(seven.Ebx, 0),
            Pku: Bit(seven.Ecx, 3), La57: Bit(seven.Ecx, 16), Nx: Bit(extended.Edx, 20), Syscall: Bit(extended.Edx, 11),
            LongMode: Bit(extended.Edx, 29), Rdtscp: Bit(extended.Edx, 27), Pages1G: Bit(extended.Edx, 26),
            Monitor: Bit(one.Ecx, 3), Ffxsr: Bit(extended.Edx, 25), X2Apic: Bit(one.Ecx, 21), TscDeadline: Bit(one.Ecx, 24),
            IsAmd: table.IsAmd,
            SpecCtrl: Bit(seven.Edx, 26) || Bit(table[0x8000_0008, 0].Ebx, 14), ArchCapabilities: Bit(seven.Edx, 29),
            Svm: Bit(extended.Ecx, 2), Pcommit: Bit(seven.Ebx, 22), Invpcid: Bit(seven.Ebx, 10), TscAdjust: Bit(seven.Ebx, 1),
            Xsaves: Bit(xsave.Eax, 3), Xsavec: Bit(xsave.Eax, 1),
            PhysicalAddressBits: sizes == 0 ? 36 : (int)(sizes & 0xFF), LinearAddressBits: sizes == 0 ? 32 : (int)(sizes >> 8 & 0xFF),
            FamilyModelStepping: one.Eax,
            NullSelectorClearsBase: !table.IsAmd || Bit(table[0x8000_0021, 0].Eax, 6), Lahf: Bit(extended.Ecx, 0),
            DeprecatesFcsFds: Bit(seven.Ebx, 13),
            // Older AMD processors leave FOP, FIP and FDP out of FXSAVE and XSAVE images unless an exception is pending.
            SavesErrorPointers: !table.IsAmd || Bit(table[0x8000_0008, 0].Ebx, 2),
            HasMisalignedSse: Bit(extended.Ecx, 7), MaskedInterruptsEndMwait: Bit(table[5, 0].Ecx, 1));
    }

    private static bool Bit(uint value, int bit) => (value >> bit & 1) != 0;
}
