using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Interpreter.Tests.Privileged.Harness;

/// <summary>CPU models with every feature that the cases ask for.</summary>
internal static class TestModel
{
    public static readonly CpuidTable Amd = Create(0x6874_7541, 0x6974_6E65, 0x444D_4163);
    public static readonly CpuidTable Intel = Create(0x756E_6547, 0x4965_6E69, 0x6C65_746E);

    private static CpuidTable Create(uint ebx, uint edx, uint ecx) => new(new Dictionary<(uint, uint), CpuidResult>
    {
        [(0, 0)] = new(0xD, ebx, ecx, edx),
        // SSE3, MONITOR, PCID, x2APIC, XSAVE, AVX; everything up to SSE2 in EDX.
        [(1, 0)] = new(0x00A2_0F12, 0, 0x1422_0009, 0x178B_FBFF),
        // FSGSBASE, SMEP, INVPCID, SMAP, TSC_ADJUST, CLFLUSHOPT, CLWB; UMIP, PKU, RDPID; SPEC_CTRL, STIBP, L1D_FLUSH, SSBD.
        [(7, 0)] = new(0, 0x0190_0483, 0x0040_000C, 0x9C00_0000),
        [(0xD, 0)] = new(0x207, 0, 0xA88, 0),
        [(0xD, 1)] = new(0xF, 0, 0x1800, 0),
        [(0xD, 2)] = new(256, 576, 0, 0),
        [(0xD, 9)] = new(8, 2688, 0, 0),
        [(0xD, 11)] = new(16, 0, 1, 0),
        [(0x8000_0000, 0)] = new(0x8000_0021, 0, 0, 0),
        // LAHF; SYSCALL, NX, 1G pages, RDTSCP, long mode.
        [(0x8000_0001, 0)] = new(0, 0, 1, 0x2C10_0800),
        [(0x8000_0008, 0)] = new(0x3028, 0x200, 0, 0),
        [(0x8000_0021, 0)] = new(0x40, 0, 0, 0),
    });
}
