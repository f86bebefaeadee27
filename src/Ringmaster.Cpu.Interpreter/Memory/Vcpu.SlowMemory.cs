using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ringmaster.Cpu.Exits;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Accesses that miss the TLB: page walks, page crossings, MMIO, stores to pages that hold decoded code, watchpoints.</summary>
internal unsafe partial class Vcpu
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadLinearSlow<T>(int segment, ulong linear, out T value) where T : unmanaged
    {
        value = default;
        return CheckAlignment<T>(CurrentMmuMode, linear)
            && ReadBytes(segment, linear, MemoryMarshal.AsBytes(new Span<T>(ref value)), AccessKind.Read, CurrentMmuMode);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool WriteLinearSlow<T>(int segment, ulong linear, T value) where T : unmanaged =>
        CheckAlignment<T>(CurrentMmuMode, linear)
        && WriteBytes(segment, linear, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)), CurrentMmuMode);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool BeginUpdateSlow<T>(int segment, ulong linear, out T value) where T : unmanaged
    {
        value = default;
        return CheckAlignment<T>(CurrentMmuMode, linear)
            && Locate(segment, linear, sizeof(T), AccessKind.Write, CurrentMmuMode, out _updated)
            && ReadPlace(_updated, MemoryMarshal.AsBytes(new Span<T>(ref value)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FinishUpdateSlow<T>(T value) where T : unmanaged =>
        WritePlace(_updated, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>Loads what the processor itself needs (descriptors, task state): a supervisor access whatever the privilege level.</summary>
    internal bool ReadSystem<T>(ulong linear, out T value) where T : unmanaged =>
        ReadAs(MmuMode.Supervisor, linear, out value);

    /// <summary>Stores what the processor itself writes (accessed and busy bits, task state): a supervisor access.</summary>
    internal bool WriteSystem<T>(ulong linear, T value) where T : unmanaged =>
        WriteAs(MmuMode.Supervisor, linear, value);

    /// <summary>Loads any number of bytes up to a page, in a mode.</summary>
    /// <param name="segment">Decides between #GP and #SS for non-canonical addresses.</param>
    /// <param name="linear">The first byte.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <param name="kind">Read, or write for the load of a read-modify-write.</param>
    /// <param name="mode">The privilege to use.</param>
    internal bool ReadBytes(int segment, ulong linear, Span<byte> destination, AccessKind kind, MmuMode mode) =>
        Locate(segment, linear, destination.Length, kind, mode, out var place) && ReadPlace(place, destination);

    /// <summary>Stores any number of bytes up to a page, in a mode. No byte is stored unless all pages allow it.</summary>
    internal bool WriteBytes(int segment, ulong linear, ReadOnlySpan<byte> source, MmuMode mode) =>
        Locate(segment, linear, source.Length, AccessKind.Write, mode, out var place) && WritePlace(place, source);

    /// <summary>Finds where an access of any number of bytes up to a page goes.</summary>
    private bool Locate(int segment, ulong linear, int length, AccessKind kind, MmuMode mode, out Place place)
    {
        place = default;
        if (!CheckCanonical(segment, linear, length))
            return false;
        linear = WrapLinear(linear);
        var first = FirstPart(linear, length);
        if (!Translate(linear, kind, mode, out var address))
            return false;
        var second = address + (ulong)first;
        if (first != length && !Translate(WrapLinear(linear + (ulong)first), kind, mode, out second))
            return false;
        WatchData(linear, length, kind);
        place = new Place(address, first, second, length);
        return true;
    }

    /// <summary>
    /// Checks that a store of this size would succeed, without storing: for instructions that must not change anything when
    /// a later part of them faults.
    /// </summary>
    internal bool ProbeWrite(int segment, ulong linear, int size)
    {
        if (!CheckCanonical(segment, linear, size))
            return false;
        linear = WrapLinear(linear);
        var first = FirstPart(linear, size);
        return Translate(linear, AccessKind.Write, CurrentMmuMode, out _)
            && (first == size || Translate(WrapLinear(linear + (ulong)first), AccessKind.Write, CurrentMmuMode, out _));
    }

    private static int FirstPart(ulong linear, int length) => (int)Math.Min((ulong)length, 0x1000 - (linear & 0xFFF));

    /// <summary>Outside 64-bit mode linear addresses have 32 bits.</summary>
    private ulong WrapLinear(ulong linear) => _is64BitMode ? linear : (uint)linear;

    /// <summary>Checks an access's first and last byte in 64-bit mode. False with #GP(0) or #SS(0) pending.</summary>
    internal bool CheckCanonical(int segment, ulong linear, int size)
    {
        if (!_is64BitMode || (IsCanonical(linear) && IsCanonical(linear + (ulong)size - 1)))
            return true;
        // SDM 3A 6.15: #SS for references through the stack segment, #GP for all others.
        Raise(segment == SegmentIndex.Ss ? Vector.StackFault : Vector.GeneralProtection, 0);
        return false;
    }

    private bool ReadPlace(in Place place, Span<byte> destination) => place.IsInOnePage
        ? ReadPhysical(place.First, destination)
        : ReadPhysical(place.First, destination[..place.FirstLength]) && ReadPhysical(place.Second, destination[place.FirstLength..]);

    private bool WritePlace(in Place place, ReadOnlySpan<byte> source) => place.IsInOnePage
        ? WritePhysical(place.First, source)
        : WritePhysical(place.First, source[..place.FirstLength]) && WritePhysical(place.Second, source[place.FirstLength..]);

    private bool ReadPhysical(GuestPhysicalAddress address, Span<byte> destination)
    {
        if (_memory.TryLoad(address, destination))
            return true;
        // Devices see naturally sized accesses; a vector or a crossing is split into the largest that fit.
        for (var done = 0; done < destination.Length;)
        {
            var at = address + (ulong)done;
            var size = DeviceAccessSize(at, destination.Length - done);
            if (!Ask(VmExit.MmioRead(at, size), out var value))
                return false;
            for (var i = 0; i < size; i++)
                destination[done + i] = (byte)(value >> (8 * i));
            done += size;
        }
        return true;
    }

    private bool WritePhysical(GuestPhysicalAddress address, ReadOnlySpan<byte> source)
    {
        if (_memory.IsStorable(address, (ulong)source.Length))
        {
            // SAFETY: IsStorable has checked the range.
            SharedBytes.Store(_memory.HostBase + address.Value, source);
            ReportStore(address, source.Length);
            return true;
        }
        for (var done = 0; done < source.Length;)
        {
            var at = address + (ulong)done;
            var size = DeviceAccessSize(at, source.Length - done);
            ulong value = 0;
            for (var i = 0; i < size; i++)
                value |= (ulong)source[done + i] << (8 * i);
            if (!Ask(VmExit.MmioWrite(at, size, value), out _))
                return false;
            done += size;
        }
        return true;
    }

    /// <summary>Tells everyone whom it concerns of a store to RAM that has not taken the fast path.</summary>
    private void ReportStore(GuestPhysicalAddress address, int length)
    {
        _memory.Watch.Wrote(_watcher, address, (ulong)length);
        OnStored(address, length);
    }

    private static int DeviceAccessSize(GuestPhysicalAddress address, int remaining)
    {
        if (remaining is 1 or 2 or 4 or 8)
            return remaining;
        var size = 8;
        while (size > remaining || (address.Value & (ulong)(size - 1)) != 0)
            size /= 2;
        return size;
    }
}
