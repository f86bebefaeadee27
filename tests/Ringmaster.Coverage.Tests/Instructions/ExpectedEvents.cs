using Iced.Intel;

namespace Ringmaster.Coverage.Tests.Instructions;

/// <summary>
/// Instructions that end in an exception or interrupt even when everything is in order for them, and which. All others must
/// complete.
/// </summary>
internal static class ExpectedEvents
{
    private const byte Debug = 1, Breakpoint = 3, Overflow = 4, InvalidOpcode = 6, GeneralProtection = 13;

    /// <summary>The vector; null if the instruction must complete.</summary>
    public static byte? Of(InstructionForm form, OfferedModel model) => form.Code.Mnemonic() switch
    {
        Mnemonic.Int1 => Debug,
        Mnemonic.Int3 => Breakpoint,
        Mnemonic.Into => Overflow,
        Mnemonic.Int => Guest.GuestLayout.SoftwareInterrupt,
        // That is what they are for.
        Mnemonic.Ud0 or Mnemonic.Ud1 or Mnemonic.Ud2 => InvalidOpcode,
        // Outside system management mode.
        Mnemonic.Rsm => InvalidOpcode,
        // Intel has them in 64-bit mode only (SDM 2B SYSCALL, SYSRET).
        Mnemonic.Syscall or Mnemonic.Sysret => !model.IsAmd && form.Bits != 64 ? InvalidOpcode : null,
        // AMD has them outside long mode only (APM 3 SYSENTER, SYSEXIT).
        Mnemonic.Sysenter or Mnemonic.Sysexit or Mnemonic.Sysexitq => model.IsAmd && form.Bits == 64 ? InvalidOpcode : null,
        // The first 64-bit processors had them outside 64-bit mode only (CPUID 8000_0001 ECX[0]).
        Mnemonic.Lahf or Mnemonic.Sahf => form.Bits == 64 && (model.Cpuid[0x8000_0001, 0].Ecx & 1) == 0 ? InvalidOpcode : null,
        // The Intel models announce no performance counters.
        Mnemonic.Rdpmc => model.IsAmd ? null : GeneralProtection,
        // AMD's prefetches have no register form (APM 3 PREFETCH).
        Mnemonic.Reservednop => model.IsAmd && !form.IsMemory && IsPrefetch(form.Code) ? InvalidOpcode : null,
        _ => null,
    };

    private static bool IsPrefetch(Code code) =>
        code is Code.Reservednop_rm16_r16_0F0D or Code.Reservednop_rm32_r32_0F0D or Code.Reservednop_rm64_r64_0F0D;
}
