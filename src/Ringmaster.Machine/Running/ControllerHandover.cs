using Ringmaster.Cpu.Interrupts;
using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Chipset.InterruptController;

namespace Ringmaster.Machine.Running;

/// <summary>Who has the 8259 pair and the I/O APIC, where the engine has these as well as the local APICs; see <see cref="ApicHandover"/>.</summary>
/// <param name="pic">The machine's 8259 pair.</param>
/// <param name="ioApic">The machine's I/O APIC.</param>
/// <param name="engine">The engine's.</param>
internal sealed class ControllerHandover(PicPair pic, IoApic ioApic, IVirtualControllers engine)
{
    /// <summary>The vCPUs are about to run, and the local APICs are lent.</summary>
    public void Lend()
    {
        var pair = pic.Lend(engine.SetPicInput);
        var table = ioApic.Lend(engine.SetIoApicInput);
        engine.Import(ToEngine(pair.Master), ToEngine(pair.Slave), new IoApicRegisters(table.Select, table.Id, table.Inputs, table.Entries));
    }

    /// <summary>The vCPUs stand still.</summary>
    public void TakeBack()
    {
        if (!pic.IsLent)
            return;
        var (master, slave, table) = engine.Export();
        pic.TakeBack(new PicPairState(FromEngine(master), FromEngine(slave)));
        ioApic.TakeBack(new IoApicState(table.Select, table.Id, [.. table.Entries], table.Inputs));
    }

    private static PicRegisters ToEngine(PicChipState chip) => new(
        chip.Lines, chip.Request, chip.InService, chip.Mask, chip.LevelTriggered, chip.VectorBase, chip.LowestPriority, chip.NextWord,
        chip.FourthWord, chip.AutomaticEoi, chip.RotateOnAutomaticEoi, chip.SpecialFullyNested, chip.SpecialMask, chip.Poll, chip.ReadInService);

    private static PicChipState FromEngine(in PicRegisters chip) => new(
        chip.Lines, chip.Request, chip.InService, chip.Mask, chip.LevelTriggered, chip.VectorBase, chip.LowestPriority, chip.NextWord,
        Single: false, chip.FourthWord, chip.AutomaticEoi, chip.RotateOnAutomaticEoi, chip.SpecialFullyNested, chip.SpecialMask, chip.Poll,
        chip.ReadInService);
}
