using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ringmaster.Cpu.Interpreter.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>
/// Accesses that the processor makes on its own account: descriptor tables, task state, and the stacks of far transfers. In
/// long mode their linear addresses have 64 bits even while compatibility-mode code runs (APM 2 4.8).
/// </summary>
internal unsafe partial class Vcpu
{
    /// <summary>Loads with the rights of an MMU mode.</summary>
    private bool ReadAs<T>(MmuMode mode, ulong linear, out T value) where T : unmanaged
    {
        linear = SystemLinear(linear);
        var entry = _tlbs[mode] + Tlb.IndexOf(linear);
        if (((linear + (ulong)(sizeof(T) - 1)) & ~0xFFFUL) == entry->ReadTag)
        {
            // SAFETY: the tag says that all bytes lie in one page of guest RAM that is mapped at Addend.
            value = Unsafe.ReadUnaligned<T>((byte*)(linear + entry->Addend));
            return true;
        }
        value = default;
        var bytes = MemoryMarshal.AsBytes(new Span<T>(ref value));
        if (!CheckAlignment<T>(mode, linear) || !CheckSystemLinear(linear, sizeof(T)) || !Translate(linear, AccessKind.Read, mode, out var address))
            return false;
        var first = FirstPart(linear, sizeof(T));
        if (first == sizeof(T))
            return ReadPhysical(address, bytes);
        return Translate(SystemLinear(linear + (ulong)first), AccessKind.Read, mode, out var second)
            && ReadPhysical(address, bytes[..first]) && ReadPhysical(second, bytes[first..]);
    }

    /// <summary>Stores with the rights of an MMU mode.</summary>
    private bool WriteAs<T>(MmuMode mode, ulong linear, T value) where T : unmanaged
    {
        linear = SystemLinear(linear);
        var entry = _tlbs[mode] + Tlb.IndexOf(linear);
        if (((linear + (ulong)(sizeof(T) - 1)) & ~0xFFFUL) == entry->WriteTag)
        {
            // SAFETY: as in ReadAs.
            Unsafe.WriteUnaligned((byte*)(linear + entry->Addend), value);
            return true;
        }
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));
        if (!CheckAlignment<T>(mode, linear) || !CheckSystemLinear(linear, sizeof(T)) || !Translate(linear, AccessKind.Write, mode, out var address))
            return false;
        var first = FirstPart(linear, sizeof(T));
        if (first == sizeof(T))
            return WritePhysical(address, bytes);
        return Translate(SystemLinear(linear + (ulong)first), AccessKind.Write, mode, out var second)
            && WritePhysical(address, bytes[..first]) && WritePhysical(second, bytes[first..]);
    }

    /// <summary>Sets and clears bits of a doubleword as one locked operation: accessed and busy bits are shared between vCPUs.</summary>
    private bool UpdateSystem(ulong linear, uint clear, uint set)
    {
        linear = SystemLinear(linear);
        if (!CheckSystemLinear(linear, sizeof(uint)))
            return false;
        if ((linear & 3) == 0)
        {
            if (!Translate(linear, AccessKind.Write, MmuMode.Supervisor, out var address))
                return false;
            if (IsRam(address))
            {
                // SAFETY: the doubleword is aligned, so it lies in the page that IsRam has checked.
                ref var word = ref *(uint*)(_memory.HostBase + address.Value);
                if (clear != 0)
                    Interlocked.And(ref word, ~clear);
                if (set != 0)
                    Interlocked.Or(ref word, set);
                _memory.Watch.Wrote(_watcher, address, sizeof(uint));
                OnStored(address, sizeof(uint));
                return true;
            }
        }
        return ReadSystem(linear, out uint value) && WriteSystem(linear, (value & ~clear) | set);
    }

    private ulong SystemLinear(ulong linear) => IsLongMode ? linear : (uint)linear;

    private bool CheckSystemLinear(ulong linear, int size) =>
        !IsLongMode || (IsCanonical(linear) && IsCanonical(linear + (ulong)size - 1)) || Fail(Vector.GeneralProtection, 0);

    /// <summary>How explicit accesses at a privilege level are checked.</summary>
    private MmuMode MmuModeAt(int level) => level == 3 ? MmuMode.User
        : (Cr4 & Cr4Bits.Smap) != 0 && (OtherFlags & Interpreter.Flags.Rflags.AlignmentCheck) == 0 ? MmuMode.Supervisor
        : MmuMode.SupervisorToUser;
}
