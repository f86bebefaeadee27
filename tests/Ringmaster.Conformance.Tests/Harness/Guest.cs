using System.Runtime.InteropServices;
using Iced.Intel;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.State;

namespace Ringmaster.Conformance.Tests.Harness;

/// <summary>
/// A case's guest: two megabytes of memory and the registers, before the run and after it. Nothing else is needed to run
/// it, so anything that can load both can run a case.
/// </summary>
internal sealed class Guest
{
    private static readonly Vector[] s_vectorsWithError = [Vector.DoubleFault, Vector.InvalidTss, Vector.SegmentNotPresent,
        Vector.StackFault, Vector.GeneralProtection, Vector.PageFault, Vector.AlignmentCheck];

    public Guest(GuestMode mode)
    {
        Mode = mode;
        Tables.Build(this);
        PageTables.Build(this);
        State = InitialState.Of(mode);
    }

    public GuestMode Mode { get; }

    /// <summary>Guest-physical memory.</summary>
    public byte[] Memory { get; } = new byte[Layout.MemorySize];

    /// <summary>The registers. After the run, RIP is that of the mark or handler that the case has ended at.</summary>
    public CpuState State { get; }

    /// <summary>What the vCPU asked for or reported before the end, in order.</summary>
    public List<VmExit> Exits { get; } = [];

    /// <summary>Answers to come, in order; when there are none left, MSRs are refused and reads return zero.</summary>
    public Queue<ExitAnswer> Answers { get; } = [];

    /// <summary>How the case ended.</summary>
    public Ending Ending { get; set; }

    /// <summary>The handler that it ended in.</summary>
    public int HandlerReached { get; set; } = -1;

    /// <summary>RIP of the first instruction.</summary>
    public ulong Start => Mode.Is16Bit() ? 0 : Layout.Code;

    /// <summary>RIP of the last instruction.</summary>
    public ulong Last { get; private set; }

    /// <summary>RIP behind the last instruction, where a mark stands.</summary>
    public ulong End { get; private set; }

    /// <summary>Whether the last instruction leads to the next one.</summary>
    public bool FallsThrough { get; private set; } = true;

    public ref ulong Rsp => ref State.Registers[4];

    public ulong Rax => State.Registers[0];

    public ulong Rcx => State.Registers[1];

    public ulong Rdx => State.Registers[2];

    /// <summary>Puts the code in its place, with a mark behind it.</summary>
    public void Assemble(Action<Assembler> code)
    {
        var assembler = new Assembler(Mode.Bits());
        code(assembler);
        var bytes = new MemoryStream();
        var result = assembler.Assemble(new StreamCodeWriter(bytes), Start, BlockEncoderOptions.ReturnNewInstructionOffsets);
        Write(Layout.Code, bytes.ToArray());
        End = Start + (ulong)bytes.Length;
        Write(Layout.Code + (ulong)bytes.Length, Layout.Mark);
        if (assembler.Instructions.Count == 0)
            return;
        FallsThrough = assembler.Instructions[^1].FlowControl is FlowControl.Next;
        // What is declared as bytes is one instruction.
        Last = assembler.Instructions[^1].Code == Code.DeclareByte ? Start : Start + result.Result[0].NewInstructionOffsets[^1];
    }

    /// <summary>What the event has pushed whose handler was reached.</summary>
    /// <param name="hasError">Whether an error code is among it; by default as the exception says.</param>
    public PushedFrame Pushed(bool? hasError = null)
    {
        var (_, size) = FramePlace();
        var withError = hasError ?? (size != 2 && s_vectorsWithError.Contains((Vector)HandlerReached));
        var skip = withError ? 1 : 0;
        var frame = Frame(5 + skip, size);
        var switched = size == 8 || (frame[1 + skip] & 3) != ((ulong)State.Cs.Selector & 3) || (frame[2 + skip] & 0x2_0000) != 0;
        return new(withError ? (uint)frame[0] : null, frame[skip], (ushort)frame[1 + skip], frame[2 + skip],
            switched && size != 2 ? frame[3 + skip] : Rsp + (ulong)((3 + skip) * size));
    }

    public void Write(ulong address, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Memory.AsSpan((int)address));

    public void Write<T>(ulong address, T value) where T : unmanaged => MemoryMarshal.Write(Memory.AsSpan((int)address), value);

    public T Read<T>(ulong address) where T : unmanaged => MemoryMarshal.Read<T>(Memory.AsSpan((int)address));

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
        var low = Descriptors.Gate(selector, offset, type, level, present, stack);
        Write(Layout.Idt + (ulong)vector * (Mode.IsLong() ? 16u : 8u), low);
        if (Mode.IsLong())
            Write(Layout.Idt + (ulong)vector * 16 + 8, offset >> 32);
    }

    /// <summary>Takes rights away from, or gives them to, the page of an address in the identity map.</summary>
    public void SetPage(ulong address, ulong clear, ulong set = 0)
    {
        var at = PageTables.IdentityEntry(Mode, address);
        if (Mode.IsTwoLevel())
            Write(at, (Read<uint>(at) & ~(uint)clear) | (uint)set);
        else
            Write(at, (Read<ulong>(at) & ~clear) | set);
    }

    /// <summary>Sets the window's entry of a level.</summary>
    public void SetWindow(ulong entry, int level = 1)
    {
        var at = PageTables.WindowEntry(Mode, level);
        if (Mode.IsTwoLevel())
            Write(at, (uint)entry);
        else
            Write(at, entry);
        if (Mode.IsPae() && level == 3)
            State.Pdpte0 = entry;
    }

    /// <summary>The window's entry of a level.</summary>
    public ulong Window(int level = 1)
    {
        var at = PageTables.WindowEntry(Mode, level);
        return Mode.IsTwoLevel() ? Read<uint>(at) : Read<ulong>(at);
    }

    /// <summary>Linear address of the stack pointer, and the size of what an event pushes in the mode that the case is in.</summary>
    public (ulong Start, int SlotSize) FramePlace() =>
        (State.Ss.Attributes.IsUnusable ? Rsp : State.Ss.Base + (State.Ss.Attributes.IsBig ? Rsp : Rsp & 0xFFFF),
            (State.Cr0 & 1) == 0 ? 2 : State.Cs.Attributes.IsLong ? 8 : 4);

    /// <summary>The pushed slots from the stack pointer up.</summary>
    public ulong[] Frame(int slots, int size)
    {
        var (start, _) = FramePlace();
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
}
