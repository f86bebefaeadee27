using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Interpreter;

/// <summary>What the interpreter can give a guest. It depends on nothing that the host has.</summary>
internal static class InterpreterFeatures
{
    private static readonly string[] s_names =
    [
        // Instructions and registers.
        "fpu", "vme", "de", "pse", "tsc", "msr", "pae", "mce", "cx8", "apic", "sep", "mtrr", "pge", "mca", "cmov", "pat", "pse36",
        "clflush", "mmx", "fxsr", "sse", "sse2", "ss", "sse3", "pclmulqdq", "monitor", "ssse3", "fma", "cx16", "pcid", "sse4.1", "sse4.2",
        "x2apic", "movbe", "popcnt", "tsc-deadline", "aes", "xsave", "avx", "f16c", "rdrand", "hypervisor", "arat", "fsgsbase",
        "tsc-adjust", "bmi1", "avx2", "smep", "bmi2", "erms", "invpcid", "rdseed", "adx", "smap", "clflushopt", "clwb", "sha-ni", "umip",
        "pku", "vaes", "vpclmulqdq", "rdpid", "fsrm", "xsaveopt", "xsavec", "xgetbv1", "syscall", "nx", "mmxext", "fxsr-opt", "pdpe1gb",
        "rdtscp", "lm", "lahf-lm", "cr8-legacy", "abm", "sse4a", "misalignsse", "3dnowprefetch", "osvw", "topoext", "invtsc",
        "clzero", "xsaveerptr", "wbnoinvd", "lfence-rdtsc", "null-sel-clr-base", "la57", "zero-fcs-fds",
        // Speculation: nothing is executed ahead of its time, so the controls do nothing and the promises hold.
        "arch-capabilities", "spec-ctrl", "bhi-ctrl", "stibp", "ssbd", "md-clear", "ibpb", "ibrs", "amd-stibp", "stibp-always-on", "amd-ssbd",
        "amd-ssb-no", "btc-no", "srso-no", "tsa-sq-no", "tsa-l1-no", "rdctl-no", "ibrs-all", "skip-l1dfl-vmentry", "ssb-no",
        "mds-no", "pschange-mc-no", "taa-no", "sbdr-ssdp-no", "fbsdp-no", "psdp-no", "bhi-no", "pbrsb-no", "gds-no", "rfds-no",
        "its-no",
    ];

    /// <summary>Most bits of a guest-physical address.</summary>
    private const int PhysicalAddressBits = 48;

    public static EngineFeatures Create() =>
        new("interpreter", CpuFeatureSet.Of(s_names), XsaveLayout.Intel, PhysicalAddressBits);
}
