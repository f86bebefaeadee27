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
        return CheckAlignment<T>(mode, linear) && LocateAs(mode, linear, sizeof(T), AccessKind.Read, out var place)
            && ReadPlace(place, MemoryMarshal.AsBytes(new Span<T>(ref value)));
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
        return CheckAlignment<T>(mode, linear) && LocateAs(mode, linear, sizeof(T), AccessKind.Write, out var place)
            && WritePlace(place, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
    }

    private bool LocateAs(MmuMode mode, ulong linear, int length, AccessKind kind, out Place place)
    {
        place = default;
        if (!CheckSystemLinear(linear, length) || !Translate(linear, kind, mode, out var address))
            return false;
        var first = FirstPart(linear, length);
        var second = address + (ulong)first;
        if (first != length && !Translate(SystemLinear(linear + (ulong)first), kind, mode, out second))
            return false;
        place = new Place(address, first, second, length);
        return true;
    }

    /// <summary>Sets and clears bits of a doubleword as one locked operation: accessed and busy bits are shared between vCPUs.</summary>
    /// <param name="linear">Where.</param>
    /// <param name="clear">Bits to clear.</param>
    /// <param name="set">Bits to set.</param>
    /// <param name="old">What was there.</param>
    private bool UpdateSystem(ulong linear, uint clear, uint set, out uint old)
    {
        old = 0;
        if (!LocateAs(MmuMode.Supervisor, SystemLinear(linear), sizeof(uint), AccessKind.Write, out var place)
            || !ReadPlace(place, MemoryMarshal.AsBytes(new Span<uint>(ref old))))
            return false;
        if (!IsInRam(place))
        {
            var updated = (old & ~clear) | set;
            return WritePlace(place, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in updated)));
        }
        while (!TryReplace(place, ref old, (old & ~clear) | set))
        {
        }
        return true;
    }

    private ulong SystemLinear(ulong linear) => IsLongMode ? linear : (uint)linear;

    private bool CheckSystemLinear(ulong linear, int size) =>
        !IsLongMode || (IsCanonical(linear) && IsCanonical(linear + (ulong)size - 1)) || Fail(Vector.GeneralProtection, 0);

    /// <summary>How explicit accesses at a privilege level are checked.</summary>
    private MmuMode MmuModeAt(int level) => level == 3 ? MmuMode.User
        : (Cr4 & Cr4Bits.Smap) != 0 && (OtherFlags & Interpreter.Flags.Rflags.AlignmentCheck) == 0 ? MmuMode.Supervisor
        : MmuMode.SupervisorToUser;
}
