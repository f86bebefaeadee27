using Ringmaster.Cpu.Models;

namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>CPU models with every feature that the cases ask for.</summary>
internal static class TestModel
{
    private static readonly CpuidTable s_amd = Create(isIntel: false, isWide: false), s_intel = Create(isIntel: true, isWide: false),
        s_wideAmd = Create(isIntel: false, isWide: true), s_wideIntel = Create(isIntel: true, isWide: true);

    /// <summary>A model of a vendor, with or without 57-bit linear addresses.</summary>
    public static CpuidTable Of(bool isIntel, bool isWide) => isWide ? isIntel ? s_wideIntel : s_wideAmd : isIntel ? s_intel : s_amd;

    /// <summary>A model whose MWAIT has no extensions.</summary>
    public static CpuidTable WithPlainMwait { get; } = Create(isIntel: true, isWide: false, hasMwaitExtensions: false);

    private static CpuidTable Create(bool isIntel, bool isWide, bool hasMwaitExtensions = true)
    {
        var (ebx, edx, ecx) = isIntel ? (0x756E_6547U, 0x4965_6E69U, 0x6C65_746EU) : (0x6874_7541U, 0x6974_6E65U, 0x444D_4163U);
        return new(new Dictionary<(uint, uint), CpuidResult>
        {
            [(0, 0)] = new(0xD, ebx, ecx, edx),
            // SSE3, MONITOR, CX16, PCID, x2APIC, XSAVE, AVX; everything up to SSE2 in EDX.
            [(1, 0)] = new(0x00A2_0F12, 0, 0x1422_2009, 0x178B_FBFF),
            // MWAIT: masked interrupts can end it.
            [(5, 0)] = new(64, 64, hasMwaitExtensions ? 3U : 0, 0),
            // FSGSBASE, SMEP, INVPCID, SMAP, TSC_ADJUST, CLFLUSHOPT, CLWB; UMIP, PKU, RDPID; SPEC_CTRL, STIBP, L1D_FLUSH, SSBD.
            [(7, 0)] = new(isIntel ? 2U : 0, 0x0190_0483, 0x0040_000CU | (isWide ? 1U << 16 : 0), 0x9C00_0000),
            // BHI_DIS_S.
            [(7, 2)] = new(0, 0, 0, isIntel ? 0x10U : 0),
            [(0xD, 0)] = new(0x207, 0, 0xA88, 0),
            [(0xD, 1)] = new(0xF, 0, 0x1800, 0),
            [(0xD, 2)] = new(256, 576, 0, 0),
            [(0xD, 9)] = new(8, 2688, 0, 0),
            [(0xD, 11)] = new(16, 0, 1, 0),
            [(0x8000_0000, 0)] = new(0x8000_0021, 0, 0, 0),
            // LAHF; SYSCALL, NX, 1G pages, RDTSCP, long mode.
            [(0x8000_0001, 0)] = new(0, 0, 1, 0x2C10_0800),
            [(0x8000_0008, 0)] = new(isWide ? 0x3928U : 0x3028U, 0x200, 0, 0),
            [(0x8000_0021, 0)] = new(0x40, 0, 0, 0),
        });
    }
}
