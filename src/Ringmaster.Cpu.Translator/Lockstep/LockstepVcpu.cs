using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.State;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Translator.Lockstep;

/// <summary>
/// Two vCPUs that do the same: one translates, the other interprets in a memory of its own. After every piece of work of the
/// first the second catches up, by count of instructions and events, and everything is compared.
/// </summary>
internal sealed unsafe class LockstepVcpu : IVirtualCpu
{
    private readonly GuestMemory _memory;
    private readonly GuestMemory _mirror;
    private readonly ComparedVcpu _main;
    private readonly ReferenceVcpu _reference;
    private readonly Queue<(VmExit Exit, ExitAnswer Answer)> _answers = new();
    private VmExit? _open;

    public LockstepVcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup, HandlerTable handlers, CodeCache cache, TranslatorOptions options)
    {
        _memory = memory;
        _mirror = memory.CreateCopy();
        var tape = new EntropyTape(setup.Tsc);
        _main = new ComparedVcpu(index, memory, setup, handlers, cache, options with { CountsInstructions = true }, tape, Check);
        _reference = new ReferenceVcpu(index, _mirror, setup, handlers, tape);
        memory.Watch.DeviceHasWritten += Mirror;
    }

    public VcpuIndex Index => _main.Index;

    public bool CanTakeInterrupt => _main.CanTakeInterrupt;

    public bool WantsInterruptWindow
    {
        get => _main.WantsInterruptWindow;
        set => _main.WantsInterruptWindow = value;
    }

    public byte TaskPriority
    {
        get => _main.TaskPriority;
        set => SetBoth(_main.TaskPriority, value, static (cpu, priority) => cpu.TaskPriority = priority);
    }

    public byte TaskPriorityThreshold
    {
        get => _main.TaskPriorityThreshold;
        set => SetBoth(_main.TaskPriorityThreshold, value, static (cpu, threshold) => cpu.TaskPriorityThreshold = threshold);
    }

    public long InstructionCount => _main.InstructionCount;

    public bool HasPendingNmi => _main.HasPendingNmi;

    public ulong TscOffset => _main.TscOffset;

    public VmExit Run(ExitAnswer answer)
    {
        TakeAnswer(answer);
        var exit = _main.Run(answer);
        _open = IsAnswered(exit) ? exit : null;
        return exit;
    }

    public VmExit? Settle(ExitAnswer answer)
    {
        TakeAnswer(answer);
        var exit = _main.Settle(answer);
        _open = exit is { } more && IsAnswered(more) ? more : null;
        if (_open is null)
            CatchUp();
        return exit;
    }

    public void Kick() => _main.Kick();

    public void InjectInterrupt(byte vector)
    {
        CatchUp();
        _main.InjectInterrupt(vector);
        _reference.InjectInterrupt(vector);
    }

    public void InjectNmi()
    {
        CatchUp();
        _main.InjectNmi();
        _reference.InjectNmi();
    }

    public void Export(CpuState state) => _main.Export(state);

    public void Import(CpuState state)
    {
        _main.Import(state);
        _memory.CopyTo(_mirror);
        _reference.Import(state);
        _answers.Clear();
        _open = null;
        _reference.ForgetDifferences();
        // Counts are compared by how far they have come from here.
        _reference.Executed = _main.Executed;
        _reference.Deliveries = _main.Deliveries;
    }

    public GuestPhysicalAddress? Translate(LinearAddress address) => _main.Translate(address);

    public void Dispose()
    {
        _memory.Watch.DeviceHasWritten -= Mirror;
        _main.Dispose();
        _reference.Dispose();
        _mirror.Dispose();
    }

    private static bool IsAnswered(VmExit exit) =>
        exit.Kind is not (VmExitKind.Halt or VmExitKind.Wait or VmExitKind.Kicked or VmExitKind.InterruptWindow or VmExitKind.Shutdown);

    private void SetBoth(byte present, byte value, Action<Vcpu, byte> set)
    {
        if (value == present)
            return;
        if (_open is null)
            CatchUp();
        set(_main, value);
        set(_reference, value);
    }

    private void TakeAnswer(ExitAnswer answer)
    {
        if (_open is { } exit)
            _answers.Enqueue((exit, answer));
        _open = null;
    }

    private void Mirror(GuestPhysicalAddress address, ulong length)
    {
        var bytes = new byte[length];
        if (_memory.TryRead(address, bytes))
            _mirror.TryWrite(address, bytes);
    }

    /// <summary>Called by the translating vCPU between two pieces of work.</summary>
    private void Check()
    {
        // An instruction that waits for an answer or has faulted is not done; what follows from it comes first.
        if (!_main.HasPending && !_main.HasPendingExit)
            CatchUp();
    }

    private void CatchUp()
    {
        if (_reference.Executed == _main.Executed && _reference.Deliveries == _main.Deliveries && _reference.Stores.Count == 0)
            return;
        while (_reference.Executed < _main.Executed || _reference.Deliveries < _main.Deliveries)
        {
            if (_reference.Activity == ActivityState.Shutdown)
                throw Difference($"The interpreter has shut down where the translator has gone on.\n{LockstepReport.Describe(_main, _reference)}");
            Advance();
        }
        if (LockstepReport.Find(_main, _reference, _memory, _mirror) is { } report)
            throw Difference(report);
        _reference.ForgetDifferences();
    }

    private LockstepException Difference(string report)
    {
        var depends = _reference.ReadUndefinedFlags != Iced.Intel.RflagsBits.None;
        return new(depends ? $"{report}An instruction has read flags that another one left undefined: both may be right.\n" : report) { DependsOnUndefinedFlags = depends };
    }

    private void Advance()
    {
        // Devices may have written to its memory. Its run loop, which would look, is not used.
        _reference.CodeWatcher.CatchUp();
        if (_reference.NmiPending && !_reference.NmiBlocked && !_reference.HasPending && !_reference.MovSsShadow && !_reference.StiShadow)
            _reference.TakeNmi();
        var isInstruction = !_reference.HasPending;
        if (isInstruction)
            _reference.NoteInstruction();
        var (events, executed) = (_reference.Deliveries, _reference.Executed);
        var exit = _reference.Advance();
        // A halt is no question.
        while (exit is { } request && IsAnswered(request))
        {
            if (!_answers.TryDequeue(out var expected))
                throw Difference($"The interpreter asks for {request} where the translator has not.\n{LockstepReport.Describe(_main, _reference)}");
            if (expected.Exit != request)
                throw Difference($"The translator has asked for {expected.Exit}, the interpreter asks for {request}.\n{LockstepReport.Describe(_main, _reference)}");
            exit = _reference.Settle(expected.Answer);
        }
        if (isInstruction && _reference.HasPending && _reference.Executed == executed)
            _reference.NoteFault();
        if (_reference.Deliveries != events)
            _reference.NoteEvent();
    }
}
