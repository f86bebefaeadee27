using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Translator.Tests;

/// <summary>A processor with everything that can be translated, for guest and host alike: no result depends on the host.</summary>
internal static class TestModel
{
    /// <summary>Its CPUID. Every feature is there but AVX-512, AMX and what else needs state of its own.</summary>
    public static CpuidTable Cpuid { get; } = new(new Dictionary<(uint, uint), CpuidResult>
    {
        [(0, 0)] = new(0xD, 0x756E_6547, 0x6C65_746E, 0x4965_6E69),
        [(1, 0)] = new(0x000A_0F12, 0, 0x7EFA_3223, 0x178B_FBFF),
        // FSGSBASE, BMI1, AVX2, SMEP, BMI2, ERMS, INVPCID, ADX, SMAP, CLFLUSHOPT, SHA.
        [(7, 0)] = new(0, 0x2098_07A9, 0, 0),
        [(0xD, 0)] = new(7, 832, 832, 0),
        [(0xD, 1)] = new(0xF, 0, 0, 0),
        [(0x8000_0000, 0)] = new(0x8000_0008, 0, 0, 0),
        // LAHF, LZCNT, PREFETCHW; SYSCALL, NX, 1G pages, RDTSCP, long mode.
        [(0x8000_0001, 0)] = new(0, 0, 0x121, 0x2C10_0800),
        [(0x8000_0008, 0)] = new(0x3028, 0, 0, 0),
    });

    /// <summary>Its instructions.</summary>
    public static InstructionSet Instructions { get; } = new(Cpuid);
}
