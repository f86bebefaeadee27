using Ringmaster.Cpu.Interrupts;

namespace Ringmaster.Machine.Tests.Running;

/// <summary>Interrupt controllers of an engine, which only write down what comes.</summary>
internal sealed class ScriptedControllers : IVirtualControllers
{
    /// <summary>The state while the engine has it; a guest may change it.</summary>
    public (PicRegisters Master, PicRegisters Slave, IoApicRegisters IoApic)? Registers { get; set; }

    /// <summary>How often they were given the state.</summary>
    public int Imports { get; private set; }

    /// <summary>Changes of the I/O APIC's inputs.</summary>
    public List<(int Input, bool Asserted)> IoApicInputs { get; } = [];

    /// <summary>Changes of the 8259 pair's inputs.</summary>
    public List<(int Input, bool Asserted)> PicInputs { get; } = [];

    public void Import(PicRegisters master, PicRegisters slave, IoApicRegisters ioApic)
    {
        Assert.Null(Registers);
        Imports++;
        Registers = (master, slave, ioApic);
    }

    public (PicRegisters Master, PicRegisters Slave, IoApicRegisters IoApic) Export()
    {
        Assert.NotNull(Registers);
        var given = Registers.Value;
        Registers = null;
        return given;
    }

    public void SetPicInput(int input, bool asserted) => PicInputs.Add((input, asserted));

    public void SetIoApicInput(int input, bool asserted) => IoApicInputs.Add((input, asserted));
}
