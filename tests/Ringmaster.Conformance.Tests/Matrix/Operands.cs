using Iced.Intel;
using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Matrix;

/// <summary>Operands and stack contents that fit a mode.</summary>
internal static class Operands
{
    /// <summary>The first bytes of <see cref="Layout.Data"/>.</summary>
    public static AssemblerMemoryOperand DataOperand(GuestMode mode) => mode.Is16Bit() ? __[0] : __[Layout.Data];

    /// <summary>A data selector that the mode's level may load.</summary>
    public static ushort DataSelector(GuestMode mode) => mode.Is16Bit() ? (ushort)(Layout.Data >> 4)
        : mode.IsUser() ? (ushort)(Selectors.UserData | 3) : Selectors.Data;

    /// <summary>A code selector of the mode's own kind.</summary>
    public static ushort CodeSelector(GuestMode mode) => mode.Is16Bit() ? (ushort)(Layout.Target >> 4)
        : mode.Is64Bit() ? mode.IsUser() ? (ushort)(Selectors.UserCode64 | 3) : Selectors.Code64
        : mode.IsUser() ? (ushort)(Selectors.UserCode32 | 3) : Selectors.Code32;

    /// <summary>An offset at which there are marks in <see cref="CodeSelector"/>.</summary>
    public static uint CodeOffset(GuestMode mode) => mode.Is16Bit() ? 0x10u : Layout.Target;

    /// <summary>Bytes of a stack slot.</summary>
    public static int Slot(GuestMode mode) => mode.Bits() / 8;

    /// <summary>Puts a data selector on the stack.</summary>
    public static void PushData(Guest guest) => guest.Push(Slot(guest.Mode), DataSelector(guest.Mode));

    /// <summary>Puts a far return address on the stack, as the mode's default operand size has it.</summary>
    public static void PushReturn(Guest guest) =>
        guest.Push(guest.Mode.Is16Bit() ? 2 : 4, CodeOffset(guest.Mode), CodeSelector(guest.Mode));
}
