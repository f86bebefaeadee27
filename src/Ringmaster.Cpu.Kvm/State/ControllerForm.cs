using Ringmaster.Cpu.Interrupts;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.State;

/// <summary>The 8259 pair and the I/O APIC in the kernel's form (arch/x86/include/uapi/asm/kvm.h).</summary>
internal static class ControllerForm
{
    /// <summary>Inputs that an edge/level control register may make level triggered (82371AB 4.2.6).</summary>
    private const byte MasterLevels = 0xF8, SlaveLevels = 0xDE;

    private const ulong IoApicAddress = 0xFEC0_0000, MaskBit = 1 << 16, LevelBit = 1 << 15;

    /// <summary>To the kernel's form.</summary>
    /// <param name="chip">The 8259A.</param>
    /// <param name="isMaster">Whether it is the one with inputs 0 to 7.</param>
    public static KvmPic ToKvm(this in PicRegisters chip, bool isMaster) => new()
    {
        Lines = chip.Lines,
        Request = chip.Request,
        Mask = chip.Mask,
        InService = chip.InService,
        HighestPriority = (byte)(chip.LowestPriority + 1 & 7),
        VectorBase = chip.VectorBase,
        ReadInService = Bit(chip.ReadInService),
        Poll = Bit(chip.Poll),
        SpecialMask = Bit(chip.SpecialMask),
        LastWord = (byte)(chip.NextWord == 0 ? 0 : chip.NextWord - 1),
        AutomaticEoi = Bit(chip.AutomaticEoi),
        RotateOnAutomaticEoi = Bit(chip.RotateOnAutomaticEoi),
        SpecialFullyNested = Bit(chip.SpecialFullyNested),
        FourthWord = Bit(chip.FourthWord),
        LevelTriggered = chip.LevelTriggered,
        LevelCapable = isMaster ? MasterLevels : SlaveLevels,
    };

    /// <summary>From the kernel's form.</summary>
    public static PicRegisters ToCanonical(this in KvmPic chip) => new(
        chip.Lines, chip.Request, chip.InService, chip.Mask, chip.LevelTriggered, chip.VectorBase, (byte)(chip.HighestPriority + 7 & 7),
        (byte)(chip.LastWord == 0 ? 0 : chip.LastWord + 1), chip.FourthWord != 0, chip.AutomaticEoi != 0, chip.RotateOnAutomaticEoi != 0,
        chip.SpecialFullyNested != 0, chip.SpecialMask != 0, chip.Poll != 0, chip.ReadInService != 0);

    /// <summary>To the kernel's form.</summary>
    public static KvmIoApic ToKvm(this IoApicRegisters chip)
    {
        var state = new KvmIoApic { Address = IoApicAddress, Select = chip.Select, Id = chip.Id, Inputs = chip.Inputs };
        for (var i = 0; i < KvmIoApic.InputCount; i++)
        {
            var entry = chip.Entries[i];
            state.Entries[i] = entry;
            // The kernel takes each for an input that rises now. An edge that nothing masks has been sent when it came.
            if ((entry & (MaskBit | LevelBit)) == 0)
                state.Inputs &= ~(1u << i);
        }
        return state;
    }

    /// <summary>From the kernel's form.</summary>
    public static IoApicRegisters ToCanonical(this in KvmIoApic chip) =>
        new((byte)chip.Select, (byte)chip.Id, chip.Inputs, ((ReadOnlySpan<ulong>)chip.Entries).ToArray());

    private static byte Bit(bool value) => value ? (byte)1 : (byte)0;
}
