using Iced.Intel;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.State;
using Ringmaster.Memory;
using Vector = Ringmaster.Cpu.Interpreter.Execution.Vector;

namespace Ringmaster.Cpu.Interpreter.Tests.Privileged.Harness;

/// <summary>A vCPU with two megabytes of RAM, descriptor tables, task state and page tables, in any mode.</summary>
internal sealed class PrivilegedMachine : IDisposable
{
    private static readonly HandlerTable s_handlers = HandlerTable.Create();
    private readonly GuestMemory _memory = GuestMemory.Create([new RamRange(new(0), Layout.MemorySize)]);
    private readonly Vcpu _cpu;
    private readonly GuestMode _mode;
    private int _instructions;
    private bool _imported;

    public PrivilegedMachine(GuestMode mode, bool intel)
    {
        _mode = mode;
        var model = intel ? TestModel.Intel : TestModel.Amd;
        _cpu = new Vcpu(new VcpuIndex(0), _memory, new VcpuSetup(model, new StoppedClock()), s_handlers);
        Tables.Build(this, IsLong);
        State = InitialState.Of(mode);
    }

    public CpuState State { get; }

    public bool IsLong => _mode >= GuestMode.Kernel64;

    /// <summary>What the vCPU asked for or reported, in order.</summary>
    public List<VmExit> Exits { get; } = [];

    /// <summary>Answers to come, in order; when there are none left, requests are refused with #GP.</summary>
    public Queue<ExitAnswer> Answers { get; } = [];

    /// <summary>The exception that waits for delivery.</summary>
    public Vector? Fault => State.Pending is { } pending ? (Vector)pending.Vector : null;

    /// <summary>RIP of the first instruction.</summary>
    public ulong Start => _mode <= GuestMode.Virtual8086Restricted ? 0 : Layout.Code;

    /// <summary>RIP behind the last instruction.</summary>
    public ulong End { get; private set; }

    public ref ulong Rsp => ref State.Registers[4];

    public ulong Rax => State.Registers[0];

    public ulong Rcx => State.Registers[1];

    public ulong Rdx => State.Registers[2];

    public void Assemble(Action<Assembler> code)
    {
        var bits = _mode switch
        {
            <= GuestMode.Virtual8086Restricted => 16,
            GuestMode.Kernel64 or GuestMode.User64 => 64,
            _ => 32,
        };
        var assembler = new Assembler(bits);
        code(assembler);
        _instructions = assembler.Instructions.Count;
        var bytes = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(bytes), Start);
        Write(Layout.Code, bytes.ToArray());
        End = Start + (ulong)bytes.Length;
    }

    /// <summary>Executes instructions or deliveries until one leaves an event pending.</summary>
    public void Execute(int? steps)
    {
        if (!_imported)
            _cpu.Import(State);
        _imported = true;
        for (var i = 0; i < (steps ?? _instructions); i++)
        {
            var exit = _cpu.Advance();
            while (exit is { } asked)
            {
                Exits.Add(asked);
                exit = _cpu.Settle(Answers.TryDequeue(out var answer) ? answer : ExitAnswer.GeneralProtection);
            }
            if (_cpu.HasPending)
                break;
        }
        _cpu.Export(State);
    }

    /// <summary>Asks for access to ports as IN and OUT do.</summary>
    public bool MayUsePort(ushort port, int size)
    {
        _cpu.Import(State);
        var allowed = _cpu.CheckPortPermission(port, size);
        _cpu.Export(State);
        return allowed;
    }

    public void Write(ulong address, ReadOnlySpan<byte> bytes) => Assert.True(_memory.TryWrite(new GuestPhysicalAddress(address), bytes));

    public void Write<T>(ulong address, T value) where T : unmanaged =>
        Assert.True(_memory.TryWrite(new GuestPhysicalAddress(address), value));

    public T Read<T>(ulong address) where T : unmanaged
    {
        Assert.True(_memory.TryRead(new GuestPhysicalAddress(address), out T value));
        return value;
    }

    /// <summary>Changes a descriptor of the global table.</summary>
    public void SetDescriptor(ushort selector, ulong low, ulong high = 0)
    {
        Write(Layout.Gdt + (selector & 0xFFF8UL), low);
        if (high != 0)
            Write(Layout.Gdt + (selector & 0xFFF8UL) + 8, high);
    }

    /// <summary>Changes a gate of the interrupt descriptor table.</summary>
    public void SetGate(int vector, ushort selector, ulong offset, int type, int level = 0, bool present = true, int stack = 0)
    {
        var low = Tables.Gate(selector, offset, type, level, present, stack);
        Write(Layout.Idt + (ulong)vector * (IsLong ? 16u : 8u), low);
        if (IsLong)
            Write(Layout.Idt + (ulong)vector * 16 + 8, offset >> 32);
    }

    /// <summary>Takes rights away from, or gives them to, the page of an address.</summary>
    public void SetPage(ulong address, ulong clear, ulong set = 0)
    {
        var at = Layout.PageTable + (address >> 12) * 8;
        Write(at, (Read<ulong>(at) & ~clear) | set);
    }

    /// <summary>The pushed slots from the stack pointer up.</summary>
    public ulong[] Frame(int slots, int size)
    {
        var start = State.Ss.Attributes.IsUnusable ? Rsp : State.Ss.Base + Rsp;
        return [.. Enumerable.Range(0, slots).Select(i => size switch
        {
            2 => Read<ushort>(start + (ulong)(i * size)),
            4 => Read<uint>(start + (ulong)(i * size)),
            _ => Read<ulong>(start + (ulong)(i * size)),
        })];
    }

    /// <summary>Puts slots on the stack, the first one at the stack pointer.</summary>
    public void Push(int size, params ReadOnlySpan<ulong> slots)
    {
        Rsp -= (ulong)(slots.Length * size);
        var at = State.Ss.Base + Rsp;
        foreach (var slot in slots)
        {
            if (size == 2)
                Write(at, (ushort)slot);
            else if (size == 4)
                Write(at, (uint)slot);
            else
                Write(at, slot);
            at += (ulong)size;
        }
    }

    public void Dispose()
    {
        _cpu.Dispose();
        _memory.Dispose();
    }
}
