using Ringmaster.Cpu.Exits;
using Ringmaster.Devices.Apic;
using Ringmaster.Machine.Assembly;

namespace Ringmaster.Machine.Running;

/// <summary>Carries out one vCPU's exits: takes each to whoever it is for, and brings back the answer. With the machine's lock held.</summary>
/// <param name="platform">The devices that all vCPUs share.</param>
/// <param name="msrs">The vCPU's registers that neither engine nor device keeps.</param>
internal sealed class ExitDispatcher(PcPlatform platform, ModelMsrs msrs)
{
    private LocalApic? _apic;

    private LocalApic Apic => _apic ?? throw new InvalidOperationException("The vCPU has no local APIC yet.");

    /// <summary>Connects the vCPU's local APIC, which it alone sees.</summary>
    public void Connect(LocalApic apic) => _apic = apic;

    /// <summary>The vCPU starts anew.</summary>
    public void Reset() => msrs.Reset();

    /// <summary>Carries out an exit.</summary>
    public ExitAnswer Dispatch(VmExit exit)
    {
        switch (exit.Kind)
        {
            case VmExitKind.PortRead:
                return ExitAnswer.Value(platform.Ports.Read(exit.Port, exit.Size));
            case VmExitKind.PortWrite:
                platform.Ports.Write(exit.Port, exit.Size, (uint)exit.Data);
                return ExitAnswer.Done;
            case VmExitKind.MmioRead:
                return ExitAnswer.Value(IsLocalApic(exit, out var readOffset)
                    ? Apic.ReadMmio(readOffset, exit.Size) : platform.Mmio.Read(exit.Gpa, exit.Size));
            case VmExitKind.MmioWrite:
                if (IsLocalApic(exit, out var writeOffset))
                    Apic.WriteMmio(writeOffset, exit.Size, exit.Data);
                else
                    platform.Mmio.Write(exit.Gpa, exit.Size, exit.Data);
                return ExitAnswer.Done;
            case VmExitKind.MsrRead:
                return (LocalApic.OwnsMsr(exit.Msr) ? Apic.TryReadMsr(exit.Msr, out var value) : msrs.TryRead(exit.Msr, out value))
                    ? ExitAnswer.Value(value) : ExitAnswer.GeneralProtection;
            case VmExitKind.MsrWrite:
                return (LocalApic.OwnsMsr(exit.Msr) ? Apic.TryWriteMsr(exit.Msr, exit.Data) : msrs.TryWrite(exit.Msr, exit.Data))
                    ? ExitAnswer.Done : ExitAnswer.GeneralProtection;
            case VmExitKind.EndOfInterrupt:
                platform.ApicBus.EndOfInterrupt((byte)exit.Data);
                return ExitAnswer.Done;
            case VmExitKind.TaskPriority:
                Apic.TaskPriority = (byte)exit.Data;
                return ExitAnswer.Done;
            default:
                return ExitAnswer.Done;
        }
    }

    private bool IsLocalApic(VmExit exit, out uint offset)
    {
        offset = 0;
        if (Apic.MmioBase is not { } start || exit.Gpa - start >= 4096)
            return false;
        offset = (uint)(exit.Gpa - start);
        return true;
    }
}
