using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.Paging;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>
/// A vCPU of the interpreter. The parts: registers (Vcpu.Registers), flags (Vcpu.Flags), memory (Vcpu.Memory,
/// Vcpu.SlowMemory, Vcpu.Translation), segmentation (Vcpu.Segmentation), events (Vcpu.Events, Vcpu.Delivery), requests to
/// the outside (Vcpu.Requests), control state (Vcpu.Control), import and export (Vcpu.State) and the loop (Vcpu.Run).
/// </summary>
internal unsafe partial class Vcpu : IVirtualCpu
{
    private const int CacheLine = 64;

    // Pinned, and not freed before the last thread that may kick has let go.
    private readonly byte[]? _fileMemory;
    private readonly CpuFile* _file;
    internal readonly GuestMemory _memory;
    private readonly Tlb _tlbs = new();
    private readonly Watcher _watcher;
    private readonly BlockCache _blocks;
    private readonly IVcpuObserver? _observer;
    private readonly HandlerTable _handlers;

    /// <summary>The instruction that the present question belongs to, and an operation behind it that is never reached.</summary>
    private readonly Op* _asking = (Op*)NativeMemory.AllocZeroed((nuint)(2 * sizeof(Op)));

    private bool _disposed;

    /// <param name="index">Its number.</param>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="setup">What it looks like to the guest.</param>
    /// <param name="handlers">Carry instructions out.</param>
    /// <param name="file">Zeroed memory for the register file that outlives this object, or null to have it made.</param>
    /// <param name="decodedOps">How many decoded operations it keeps.</param>
    public Vcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup, HandlerTable handlers, CpuFile* file = null, int decodedOps = BlockCache.DefaultOps)
    {
        if (file == null)
        {
            _fileMemory = GC.AllocateArray<byte>(sizeof(CpuFile) + CacheLine, pinned: true);
            // SAFETY: the array is pinned, and long enough for the file wherever its first whole cache line begins.
            file = (CpuFile*)(((nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_fileMemory)) + CacheLine - 1) & -CacheLine);
        }
        _file = file;
        _file->Run = 1;
        _file->Owner = GCHandle.ToIntPtr(GCHandle.Alloc(this, GCHandleType.Weak));
        Index = index;
        _memory = memory;
        Cpuid = setup.Cpuid;
        Features = CpuFeatures.From(setup.Cpuid);
        Tsc = setup.Tsc;
        _observer = setup.Observer;
        _handlers = handlers;
        _asking[1].Offset = ushort.MaxValue;
        _pagingCapabilities = PagingCapabilities.Of(setup.Cpuid);
        _watcher = new Watcher(this);
        _blocks = new BlockCache(memory, _watcher, new BlockDecoder(handlers, setup.Cpuid), decodedOps);
        _file->Jumps = _blocks.Jumps;
        _tlb = _tlbs[MmuMode.Supervisor];
        memory.Watch.Join(_watcher);
    }

    /// <inheritdoc/>
    public VcpuIndex Index { get; }

    /// <summary>How it takes part in the watch over pages that hold code.</summary>
    internal CodeWatcher CodeWatcher => _watcher;

    /// <summary>What CPUID returns.</summary>
    internal CpuidTable Cpuid { get; }

    /// <summary>Features that decide what control registers accept and how instructions behave.</summary>
    internal CpuFeatures Features { get; }

    /// <summary>The counter behind RDTSC.</summary>
    internal ITimestampCounter Tsc { get; }

    /// <inheritdoc/>
    public virtual long InstructionCount => Executed;

    /// <inheritdoc/>
    public virtual IReadOnlyList<EngineCounter> Counters =>
        [new("blocks decoded", _blocks.Decoded), new("times all decoded blocks were dropped", _blocks.Epoch - 1)];

    /// <summary>Instructions that this class has executed.</summary>
    internal long Executed
    {
        get => _file->Executed;
        set => _file->Executed = value;
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _memory.Watch.Part(_watcher);
        _blocks.Dispose();
        _tlbs.Dispose();
        NativeMemory.Free(_asking);
        GCHandle.FromIntPtr(_file->Owner).Free();
    }
}
