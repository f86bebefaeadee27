using Ringmaster.Conformance.Tests.Harness;
using Ringmaster.Cpu.State;

namespace Ringmaster.Conformance.Tests.Qemu.Machine;

/// <summary>Runs guests in QEMU, one after the other.</summary>
/// <param name="cpu">QEMU's -cpu.</param>
internal sealed class QemuVcpu(string cpu) : IDisposable
{
    private const ulong HaltExit = 0x78, PortExit = 0x7B, ShutdownExit = 0x7F, WaitExit = 0x8B;
    private const ulong HaltLength = 1, WaitLength = 3;
    private const ulong GeneralDetect = 0x2000, Enables = 0xFF, TrapFlag = 0x100, ResumeFlag = 0x1_0000, SingleStep = 0x4000;
    private const int PageSize = 0x1000, Handlers = 0x100;

    private QemuProcess? _process;

    /// <param name="guest">Holds the state before, and afterwards that after.</param>
    /// <param name="interrupt">An external interrupt that waits.</param>
    /// <param name="ownPorts">Ports that the case accesses: no handler's.</param>
    /// <returns>How the guest has ended if not as cases do, when the state is none; or null.</returns>
    public string? Run(Guest guest, byte? interrupt, IEnumerable<int> ownPorts)
    {
        _process ??= new QemuProcess(cpu);
        var ram = _process.Ram;
        var block = new ControlBlock(ram);
        StagePages(ram, guest.Memory);
        MapPorts(ram, ownPorts);
        block.Load(guest.State, interrupt);
        LoadRest(ram, guest.State);
        var breakpoints = guest.State.Dr7 & Enables;
        if (_process.Run() is { } failure)
        {
            Dispose();
            return failure;
        }
        block.Save(guest.State);
        SaveRest(ram, guest.State);
        ram.At(0, Layout.MemorySize).CopyTo(guest.Memory);
        var surprise = End(guest, block);
        guest.State.NmiPending &= guest.HandlerReached != (int)Vector.NonMaskableInterrupt;
        // QEMU forgets about breakpoints that the guest has armed itself, but still stops at them.
        if ((guest.State.Dr7 & Enables) != breakpoints)
            Dispose();
        return surprise;
    }

    public void Dispose()
    {
        _process?.Dispose();
        _process = null;
    }

    private static string? End(Guest guest, ControlBlock block)
    {
        switch (block.Exit)
        {
            case PortExit when block.PortAccess is { IsWrite: true, Size: 1 } handler:
                (guest.Ending, guest.HandlerReached) = (Ending.Handler, handler.Port);
                return null;
            case PortExit when block.PortAccess is { IsWrite: true, Port: Layout.MarkPort }:
                guest.Ending = Ending.Mark;
                ExecuteMark(guest.State);
                return null;
            case PortExit:
                return $"access to port 0x{block.PortAccess.Port:X}";
            // Intercepts leave RIP at the instruction.
            case HaltExit or WaitExit:
                guest.Ending = Ending.Halt;
                guest.State.Activity = ActivityState.Halted;
                guest.State.Rip += block.Exit == HaltExit ? HaltLength : WaitLength;
                return null;
            case ShutdownExit:
                guest.Ending = Ending.Shutdown;
                return null;
            default:
                return $"exit 0x{block.Exit:X}";
        }
    }

    // Elsewhere the mark itself is executed, which ends RF and traps with TF.
    private static void ExecuteMark(CpuState state)
    {
        state.Rflags &= ~ResumeFlag;
        if ((state.Rflags & TrapFlag) != 0)
            state.Dr6 |= SingleStep;
    }

    // QEMU keeps translations of code, so only its own stores may change memory.
    private static void StagePages(SharedRam ram, ReadOnlySpan<byte> memory)
    {
        var count = 0;
        for (var page = 0; page < Layout.MemorySize; page += PageSize)
        {
            var wanted = memory.Slice(page, PageSize);
            if (wanted.SequenceEqual(ram.At((uint)page, PageSize)))
                continue;
            wanted.CopyTo(ram.At(Place.Pages + (uint)(count * PageSize), PageSize));
            ram.Write(Place.PageList + (uint)count * 4, (uint)page);
            count++;
        }
        ram.Write(Mailbox.PageCount, count);
    }

    private static void MapPorts(SharedRam ram, IEnumerable<int> ownPorts)
    {
        var map = ram.At(Place.PortMap, Handlers / 8);
        map.Fill(0xFF);
        foreach (var port in ownPorts.Where(port => port < Handlers))
            map[port / 8] &= (byte)~(1 << port % 8);
    }

    private static void LoadRest(SharedRam ram, CpuState state)
    {
        for (var i = 0; i < 16; i++)
            ram.Write(Mailbox.Registers + (uint)i * 8, state.Registers[i]);
        ReadOnlySpan<ulong> breakpoints = [state.Dr0, state.Dr1, state.Dr2, state.Dr3];
        for (var i = 0; i < breakpoints.Length; i++)
            ram.Write(Mailbox.Dr0 + (uint)i * 8, breakpoints[i]);
        ram.Write(Mailbox.Dr7, state.Dr7 & ~GeneralDetect);
        ram.Write(Mailbox.Xcr0, state.Xcr0);
        ram.Write(Mailbox.Pkru, state.Pkru);
        ram.Write(Mailbox.SendNmi, state.NmiPending || state.Pending is { Kind: PendingExceptionKind.NonMaskableInterrupt } ? 1 : 0);
        ram.Write(Mailbox.BlockNmi, state.NmiBlocked ? 1 : 0);
        ram.At(Mailbox.Fx, 512).Clear();
        ram.Write(Mailbox.Fx, state.Fpu.ControlWord);
        ram.Write(Mailbox.Fx + 24, state.Fpu.Mxcsr);
        ram.Write(Mailbox.ModelSpecificCount, ModelSpecific.All.Count);
        for (var i = 0; i < ModelSpecific.All.Count; i++)
        {
            ram.Write(Mailbox.ModelSpecific + (uint)i * 16, ModelSpecific.All[i].Index);
            ram.Write(Mailbox.ModelSpecific + (uint)i * 16 + 8, ModelSpecific.All[i].Get(state));
        }
    }

    private static void SaveRest(SharedRam ram, CpuState state)
    {
        for (var i = 0; i < 16; i++)
        {
            if (i is not (0 or 4))
                state.Registers[i] = ram.Read<ulong>(Mailbox.Registers + (uint)i * 8);
        }
        state.Dr0 = ram.Read<ulong>(Mailbox.Dr0);
        state.Dr1 = ram.Read<ulong>(Mailbox.Dr0 + 8);
        state.Dr2 = ram.Read<ulong>(Mailbox.Dr0 + 16);
        state.Dr3 = ram.Read<ulong>(Mailbox.Dr0 + 24);
        state.Xcr0 = ram.Read<ulong>(Mailbox.Xcr0);
        state.Pkru = ram.Read<uint>(Mailbox.Pkru);
        state.NmiBlocked = ram.Read<uint>(Mailbox.NmiBlocked) != 0;
        for (var i = 0; i < ModelSpecific.All.Count; i++)
            ModelSpecific.All[i].Set(state, ram.Read<ulong>(Mailbox.ModelSpecific + (uint)i * 16 + 8));
    }
}
