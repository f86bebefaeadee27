using Ringmaster.Cpu.Interrupts;

namespace Ringmaster.Machine.Running;

/// <content>
/// The local APIC changes hands where the engine has it itself while the guest runs. All vCPUs stand still meanwhile, and the machine's lock
/// is held.
/// </content>
internal sealed partial class VcpuRunner
{
    /// <summary>Gives the local APIC's state to the engine, if it wants it.</summary>
    public void LendApic()
    {
        if (_vcpu.Apic is not { } engine)
            return;
        var registers = new ApicRegisters();
        (registers.Base, registers.TscDeadline) = Apic.Lend(registers.Page);
        engine.Import(registers);
    }

    /// <summary>Takes the local APIC's state back, if the engine has it.</summary>
    public void TakeApicBack()
    {
        if (!Apic.IsLent || _vcpu.Apic is not { } engine)
            return;
        var registers = engine.Export();
        Apic.TakeBack(registers.Page, registers.Base, registers.TscDeadline);
    }
}
