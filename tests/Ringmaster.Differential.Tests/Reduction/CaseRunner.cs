using Iced.Intel;
using Ringmaster.Cpu;
using Ringmaster.Differential.Tests.Cases;
using Ringmaster.Differential.Tests.Comparison;
using Ringmaster.Differential.Tests.Engine;
using Ringmaster.Differential.Tests.Generation;
using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Reduction;

/// <summary>Runs cases on the host and in an engine, in batches or one by one, and compares.</summary>
internal sealed class CaseRunner : IDisposable
{
    private const ulong Breakpoint = 3, PageFault = 14, WildStack = 0x1234_5678_9ABC_DEF0;

    private readonly Oracle _oracle;
    private readonly CaseAssembler _assembler = new();
    private readonly FlagHistory _history = new();
    private readonly OutcomeComparer _comparer = new(HostProcessor.Present);
    private readonly List<TestCase> _batch = [];
    private readonly Outcome _host = new();
    private readonly Outcome _guest = new();

    public CaseRunner(IEngine engine, string oracleProgram)
    {
        _oracle = new Oracle(oracleProgram);
        Session = new EngineSession(engine, _oracle.Memory);
    }

    /// <summary>The engine's side.</summary>
    public EngineSession Session { get; }

    /// <summary>Cases that ended on the host and were compared.</summary>
    public long Compared { get; private set; }

    /// <summary>Cases that could not be assembled or did not end on the host.</summary>
    public long Dropped { get; private set; }

    /// <summary>How often each exception ended a case on the host.</summary>
    public long[] Vectors { get; } = new long[32];

    /// <summary>Sets what memory holds before each case from now on.</summary>
    public void UseImage(ulong seed)
    {
        MemoryImage.Fill(_oracle.Memory, seed);
        Session.LoadImage();
    }

    /// <summary>Runs a batch and calls back for each case that differs.</summary>
    public void RunBatch(IEnumerable<TestCase> cases, Action<TestCase, IReadOnlyList<FieldDifference>> onDifference)
    {
        _batch.Clear();
        foreach (var test in cases)
        {
            if (TryLoad(test, _batch.Count))
                _batch.Add(test);
            else
                Dropped++;
        }
        _oracle.Run(_batch.Count);
        for (var i = 0; i < _batch.Count; i++)
        {
            Tally(i);
            if (Compare(_batch[i], i) is { Count: > 0 } differences)
                onDifference(_batch[i], differences);
        }
    }

    /// <summary>Runs one case.</summary>
    /// <returns>The differing fields, or null if it cannot be run or compared.</returns>
    public IReadOnlyList<FieldDifference>? RunOne(TestCase test)
    {
        if (!TryLoad(test, 0))
            return null;
        _oracle.Run(1);
        return Compare(test, 0);
    }

    /// <summary>Finds out what the host cannot do.</summary>
    public HostLimits FindLimits() => new(Works(is32Bit: true, AddressSpace.Data + 0x1000), Works(is32Bit: false, WildStack));

    private bool Works(bool is32Bit, ulong stack)
    {
        var test = new TestCase { Is32Bit = is32Bit, CodeAddress = AddressSpace.Code };
        test.Instructions.Add(new CaseInstruction(Instruction.Create(Code.Nopd)));
        StateMaker.Fill(new Dice(), ref test.Before, is32Bit, hasWildStack: true);
        test.Before.General[4] = stack;
        if (!TryLoad(test, 0))
            throw new InvalidOperationException("The oracle's probe cannot be assembled.");
        _oracle.Run(1);
        return _oracle.Memory.Slots[0] is { Status: OracleStatus.Trapped, Trap: Breakpoint };
    }

    /// <summary>How the last case ended on the host.</summary>
    public Outcome HostOutcome => _host;

    /// <inheritdoc/>
    public void Dispose()
    {
        Session.Dispose();
        _oracle.Dispose();
    }

    private void Tally(int index)
    {
        ref var slot = ref _oracle.Memory.Slots[index];
        if (slot.Status != OracleStatus.Trapped)
        {
            Dropped++;
            return;
        }
        Compared++;
        Vectors[slot.Trap & 31]++;
    }

    private bool TryLoad(TestCase test, int index)
    {
        if (!_history.TryFollow(test.Instructions) || !_assembler.TryAssemble(test))
            return false;
        ref var slot = ref _oracle.Memory.Slots[index];
        slot.Is32Bit = test.Is32Bit ? 1u : 0;
        slot.CodeOffset = (uint)(test.CodeAddress - AddressSpace.Code);
        slot.CodeLength = (uint)_assembler.Bytes.Length;
        slot.Status = OracleStatus.None;
        slot.Before = test.Before;
        slot.Before.Rip = test.CodeAddress;
        _assembler.Bytes.CopyTo(slot.Code);
        return true;
    }

    private IReadOnlyList<FieldDifference>? Compare(TestCase test, int index)
    {
        ref var slot = ref _oracle.Memory.Slots[index];
        if (slot.Status != OracleStatus.Trapped)
            return null;
        _host.Vector = slot.Trap;
        _host.Error = slot.Error;
        _host.Cr2 = slot.Cr2;
        _host.Registers = slot.After;
        _host.Changes.Clear();
        _host.Changes.AddRange(_oracle.Memory.ChangesOf(slot));
        Session.Run(slot, _guest);
        if (_guest.Vector == PageFault && _oracle.Memory.IsOracleOwn(_guest.Cr2))
            return null;
        _history.TryFollow(test.Instructions);
        _assembler.TryAssemble(test);
        return _comparer.Compare(test, _host, _guest, _assembler.Addresses, _history, _oracle.Memory.Before);
    }
}
