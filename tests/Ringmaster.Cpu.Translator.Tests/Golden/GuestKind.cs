using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Translator.Cache;

namespace Ringmaster.Cpu.Translator.Tests.Golden;

/// <summary>The kinds of guest code that are translated.</summary>
public enum GuestKind
{
    /// <summary>64-bit code of level 3.</summary>
    User64,

    /// <summary>64-bit code of level 0.</summary>
    Kernel64,

    /// <summary>32-bit code of level 0 in flat segments.</summary>
    Flat32,
}

/// <summary>What follows from a kind of guest code.</summary>
internal static class GuestKinds
{
    /// <summary>The state that a translation takes as given: all vector instructions enabled, no exception unmasked.</summary>
    public static TranslationContext Context(this GuestKind kind) => kind switch
    {
        GuestKind.User64 => new(2, MmuMode.User, uint.MaxValue, 0, MasksFloatExceptions: true, IsKernel: false),
        GuestKind.Kernel64 => new(2, MmuMode.SupervisorToUser, uint.MaxValue, 0, MasksFloatExceptions: true, IsKernel: true),
        // Everything but FS and GS is flat.
        _ => new(1, MmuMode.SupervisorToUser, uint.MaxValue, 0xF, MasksFloatExceptions: true, IsKernel: true),
    };

    /// <summary>Linear address of the code's page.</summary>
    public static ulong Page(this GuestKind kind) => kind switch
    {
        GuestKind.User64 => 0x40_1000,
        GuestKind.Kernel64 => 0xFFFF_FFFF_8100_0000,
        _ => 0xC010_0000,
    };

    /// <summary>32 or 64.</summary>
    public static int Bits(this GuestKind kind) => kind == GuestKind.Flat32 ? 32 : 64;
}
