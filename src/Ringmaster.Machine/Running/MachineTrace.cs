using System.Globalization;
using Microsoft.Extensions.Logging;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Exits;

namespace Ringmaster.Machine.Running;

/// <summary>Writes a machine's trace, if one is wanted. Lines begin with the VM's time in seconds.</summary>
/// <param name="sink">Where it goes; null for nowhere.</param>
/// <param name="now">The VM clock, in nanoseconds.</param>
/// <param name="logger">Hears of what must not happen.</param>
internal sealed partial class MachineTrace(TraceSink? sink, Func<long> now, ILogger logger) : IVcpuObserver
{
    private readonly bool _exits = sink?.Wants(TraceCategories.Exits) ?? false;
    private readonly bool _interrupts = sink?.Wants(TraceCategories.Interrupts) ?? false;
    private readonly bool _pages = sink?.Wants(TraceCategories.Pages) ?? false;

    /// <summary>An exit and its answer.</summary>
    public void Exit(VcpuIndex vcpu, VmExit exit, ExitAnswer answer)
    {
        if (!_exits)
            return;
        var text = exit.Kind switch
        {
            VmExitKind.PortRead => $"in    port {exit.Port} size {exit.Size} -> 0x{answer.Data:x}",
            VmExitKind.PortWrite => $"out   port {exit.Port} size {exit.Size} <- 0x{exit.Data:x}",
            VmExitKind.MmioRead => $"load  {exit.Gpa} size {exit.Size} -> 0x{answer.Data:x}",
            VmExitKind.MmioWrite => $"store {exit.Gpa} size {exit.Size} <- 0x{exit.Data:x}",
            VmExitKind.MsrRead => $"rdmsr 0x{exit.Msr:x} -> {(answer.Fault ? "#GP" : $"0x{answer.Data:x}")}",
            VmExitKind.MsrWrite => $"wrmsr 0x{exit.Msr:x} <- 0x{exit.Data:x}{(answer.Fault ? " #GP" : "")}",
            VmExitKind.EndOfInterrupt => $"eoi   0x{exit.Data:x}",
            VmExitKind.TaskPriority => $"cr8   <- {exit.Data}",
            _ => ExitNames.Of(exit.Kind),
        };
        Write(vcpu, text);
    }

    /// <summary>An interrupt is given to a vCPU.</summary>
    public void Interrupt(VcpuIndex vcpu, byte vector)
    {
        if (_interrupts)
            Write(vcpu, $"interrupt vector 0x{vector:x2}");
    }

    /// <inheritdoc/>
    public void ExceptionDelivered(VcpuIndex vcpu, byte vector, uint? errorCode, ulong rip)
    {
        if (_interrupts)
            Write(vcpu, $"exception vector 0x{vector:x2}{(errorCode is { } code ? $" error 0x{code:x}" : "")} at rip 0x{rip:x}");
    }

    /// <inheritdoc/>
    public void PageFaulted(VcpuIndex vcpu, LinearAddress address, uint errorCode, ulong rip)
    {
        if (_pages)
            Write(vcpu, $"page fault at {address} error 0x{errorCode:x} rip 0x{rip:x}");
    }

    /// <inheritdoc/>
    public void TlbFlushed(VcpuIndex vcpu)
    {
        if (_pages)
            Write(vcpu, "tlb flush");
    }

    /// <inheritdoc/>
    public void InstructionMissing(VcpuIndex vcpu, string instruction, ulong rip) => LogMissing(vcpu, instruction, rip);

    [LoggerMessage(LogLevel.Error, "CPU {Vcpu}: the engine lacks the instruction {Instruction}, met at 0x{Rip:x}; the guest gets #UD")]
    private partial void LogMissing(VcpuIndex vcpu, string instruction, ulong rip);

    private void Write(VcpuIndex vcpu, string text) =>
        sink!.Writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now() / 1e9,12:F6} cpu{vcpu} {text}"));
}
