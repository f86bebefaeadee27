using System.Runtime.CompilerServices;
using System.Text;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Paging;

/// <summary>The entries that a walk read, from the root down: for crash reports, for page-table watches and for the dirty log.</summary>
public struct PageWalkRecord
{
    private static readonly string[] LongNames = ["PML5E", "PML4E", "PDPTE", "PDE", "PTE"];

    private Steps _steps;
    private PagingMode _mode;
    private Writes _writes;
    private int _count, _writeCount;

    /// <summary>The number of entries read, 0 to 5.</summary>
    public readonly int Count => _count;

    /// <summary>One of the entries.</summary>
    /// <param name="index">0 for the first that was read.</param>
    public readonly PageWalkStep this[int index] => _steps[index];

    /// <summary>All entries read have their accessed bit set.</summary>
    public readonly bool IsAccessed
    {
        get
        {
            for (var i = 0; i < _count; i++)
            {
                if (!_steps[i].IsRegister && (_steps[i].Entry & PageEntry.Accessed) == 0)
                    return false;
            }
            return true;
        }
    }

    /// <summary>The number of entries whose accessed or dirty bits the translation has set.</summary>
    public readonly int WriteCount => _writeCount;

    /// <summary>
    /// Where it has set them. Beside the entries listed here as <see cref="PageWalkStep.Written"/> these may be some of an
    /// attempt that was given up because another vCPU changed the tables.
    /// </summary>
    /// <param name="index">0 for the first.</param>
    public readonly GuestPhysicalAddress WrittenAt(int index) => new(_writes[index]);

    /// <summary><c>page walk: PML4E@0x1000 = 0x2067, PDPTE@0x2000 = 0x0</c>.</summary>
    public override readonly string ToString()
    {
        var text = new StringBuilder("page walk:");
        for (var i = 0; i < _count; i++)
        {
            var step = _steps[i];
            text.Append(i == 0 ? " " : ", ").Append(Name(i));
            // The PDPTEs of PAE paging are registers and have no address.
            text.Append(step.IsRegister ? "" : $"@{step.Address}").Append(FormattableString.Invariant($" = 0x{step.Entry:x}"));
        }
        return _count == 0 ? "page walk: none, paging is off" : text.ToString();
    }

    /// <summary>Whether the writes of one more attempt can be recorded.</summary>
    internal readonly bool HasRoom => _writeCount <= 15 - 5;

    internal void Clear()
    {
        _count = 0;
        _writeCount = 0;
    }

    internal void Start(PagingMode mode)
    {
        _mode = mode;
        _count = 0;
    }

    internal void Add(ulong address, ulong entry, bool isRegister = false) =>
        _steps[_count++] = new(new(address), entry, false, isRegister);

    internal void Found(int index, ulong entry) => _steps[index] = _steps[index] with { Entry = entry };

    internal void Wrote(int index, ulong entry)
    {
        _steps[index] = _steps[index] with { Entry = entry, Written = true };
        _writes[_writeCount++] = _steps[index].Address.Value;
    }

    private readonly string Name(int index) => (_mode, index) switch
    {
        (PagingMode.TwoLevel, 0) => "PDE",
        (PagingMode.TwoLevel, _) => "PTE",
        (PagingMode.Pae, _) => LongNames[index + 2],
        (PagingMode.FourLevel, _) => LongNames[index + 1],
        _ => LongNames[index],
    };


    [InlineArray(5)]
    private struct Steps
    {
        private PageWalkStep _step;
    }

    [InlineArray(15)]
    private struct Writes
    {
        private ulong _address;
    }
}

/// <summary>One entry that a walk read.</summary>
/// <param name="Address">Where it stands.</param>
/// <param name="Entry">Its value, after the walk's own update.</param>
/// <param name="Written">The walk has set its accessed or dirty bit.</param>
/// <param name="IsRegister">It is a PDPTE register, which has no address.</param>
public readonly record struct PageWalkStep(GuestPhysicalAddress Address, ulong Entry, bool Written, bool IsRegister);
