using Ringmaster.Cpu.Interrupts;

namespace Ringmaster.Machine.Tests.Running;

/// <summary>Local APICs of an engine, which only write down what comes.</summary>
internal sealed class ScriptedFabric : IInterruptFabric
{
    /// <summary>The other controllers, if the engine has those, too.</summary>
    public ScriptedControllers? Controllers { get; set; }

    IVirtualControllers? IInterruptFabric.Controllers => Controllers;

    /// <summary>By vCPU.</summary>
    public List<ScriptedApic> Apics { get; } = [];

    /// <summary>Messages, in order.</summary>
    public List<InterruptMessage> Sent { get; } = [];

    /// <summary>What level-triggered inputs send.</summary>
    public IReadOnlyList<InterruptMessage?> Levels { get; private set; } = [];

    public ScriptedApic Add()
    {
        Apics.Add(new ScriptedApic());
        return Apics[^1];
    }

    public bool Send(in InterruptMessage message)
    {
        Sent.Add(message);
        return true;
    }

    public void SetLevels(IReadOnlyList<InterruptMessage?> messages) => Levels = messages;

    /// <summary>One of them; a guest may change its registers while it has them.</summary>
    internal sealed class ScriptedApic : IVirtualApic
    {
        /// <summary>The state while the engine has it.</summary>
        public ApicRegisters? Registers { get; private set; }

        /// <summary>How often it was given the state.</summary>
        public int Imports { get; private set; }

        public void Import(ApicRegisters registers)
        {
            Assert.Null(Registers);
            Imports++;
            Registers = registers;
        }

        public ApicRegisters Export()
        {
            Assert.NotNull(Registers);
            var given = Registers;
            Registers = null;
            return given;
        }
    }
}
