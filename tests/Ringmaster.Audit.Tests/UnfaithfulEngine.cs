using Ringmaster.Audit.Guests;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;

namespace Ringmaster.Audit.Tests;

/// <summary>An interpreter that lets one instruction leave another value at one level.</summary>
/// <param name="opcode">A byte in the first ones of the instruction's code, and in no other's.</param>
/// <param name="level">Where it lies.</param>
internal sealed class UnfaithfulEngine(byte opcode, PrivilegeLevel level) : IEngine
{
    private readonly InterpreterEngine _inner = new();

    public string Name => "unfaithful";

    public EngineFeatures Features => _inner.Features;

    public IVirtualCpu CreateVcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup) =>
        new UnfaithfulVcpu(_inner.CreateVcpu(index, memory, setup), memory, opcode, level);

    public void Dispose() => _inner.Dispose();

    private sealed class UnfaithfulVcpu(IVirtualCpu inner, GuestMemory memory, byte opcode, PrivilegeLevel level) : IVirtualCpu
    {
        private bool _lies;

        public VcpuIndex Index => inner.Index;

        public bool CanTakeInterrupt => inner.CanTakeInterrupt;

        public bool WantsInterruptWindow { get => inner.WantsInterruptWindow; set => inner.WantsInterruptWindow = value; }

        public byte TaskPriority { get => inner.TaskPriority; set => inner.TaskPriority = value; }

        public byte TaskPriorityThreshold { get => inner.TaskPriorityThreshold; set => inner.TaskPriorityThreshold = value; }

        public long InstructionCount => inner.InstructionCount;

        public bool HasPendingNmi => inner.HasPendingNmi;

        public ulong TscOffset => inner.TscOffset;

        public VmExit Run(ExitAnswer answer) => inner.Run(answer);

        public VmExit? Settle(ExitAnswer answer) => inner.Settle(answer);

        public void Kick() => inner.Kick();

        public void InjectInterrupt(byte vector) => inner.InjectInterrupt(vector);

        public void InjectNmi() => inner.InjectNmi();

        public GuestPhysicalAddress? Translate(LinearAddress address) => inner.Translate(address);

        public void Import(CpuState state)
        {
            Span<byte> code = stackalloc byte[16];
            memory.TryRead(new(AuditLayout.Code), code);
            // PUSHF is the first byte of its row; CPUID follows the registers that it takes.
            var at = code.IndexOf(opcode);
            _lies = state.PrivilegeLevel == (int)level && (at == 0 || (at > 0 && code[at - 1] == 0x0F)) && code[..3] is not [0x9C, 0x81, ..];
            inner.Import(state);
        }

        public void Export(CpuState state)
        {
            inner.Export(state);
            if (_lies)
                state.Registers[0] ^= 0x200;
        }

        public void Dispose() => inner.Dispose();
    }
}
