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
internal sealed unsafe partial class Vcpu : IVirtualCpu
{
    private readonly GuestMemory _memory;
    private readonly Tlb _tlbs = new();
    private readonly BlockCache _blocks;
    private readonly IVcpuObserver? _observer;
    private readonly HandlerTable _handlers;

    /// <summary>The instruction that the present question belongs to, and an operation behind it that is never reached.</summary>
    private readonly Op* _asking = (Op*)NativeMemory.AllocZeroed((nuint)(2 * sizeof(Op)));

    private bool _disposed;

    public Vcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup, HandlerTable handlers)
    {
        Index = index;
        _memory = memory;
        Cpuid = setup.Cpuid;
        Features = CpuFeatures.From(setup.Cpuid);
        Tsc = setup.Tsc;
        _observer = setup.Observer;
        _handlers = handlers;
        _asking[1].Offset = ushort.MaxValue;
        _pagingCapabilities = PagingCapabilities.Of(setup.Cpuid);
        _blocks = new BlockCache(memory, _tlbs, new BlockDecoder(handlers, setup.Cpuid));
        _tlb = _tlbs[MmuMode.Supervisor];
        memory.Watch.CodePageWritten += OnCodePageWritten;
    }

    /// <inheritdoc/>
    public VcpuIndex Index { get; }

    /// <summary>What CPUID returns.</summary>
    internal CpuidTable Cpuid { get; }

    /// <summary>Features that decide what control registers accept and how instructions behave.</summary>
    internal CpuFeatures Features { get; }

    /// <summary>The counter behind RDTSC.</summary>
    internal ITimestampCounter Tsc { get; }

    /// <inheritdoc/>
    public long InstructionCount { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _memory.Watch.CodePageWritten -= OnCodePageWritten;
        _blocks.Dispose();
        _tlbs.Dispose();
        NativeMemory.Free(_asking);
    }
}
