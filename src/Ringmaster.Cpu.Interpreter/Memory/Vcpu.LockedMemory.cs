using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>
/// LOCKed read-modify-writes: other vCPUs see them happen at once, whatever their own accesses are (SDM 3A 8.1.2). Inside a cache
/// line the host's own locked instructions do that; what goes beyond is done while no other vCPU executes anything.
/// </summary>
internal unsafe partial class Vcpu
{
    /// <summary>Where the present read-modify-write goes that takes the slow path.</summary>
    private Place _updated;

    /// <summary>What a serializing instruction does to memory: all stores before it are seen before it goes on (SDM 3A 8.3).</summary>
    internal static void Serialize() => Interlocked.MemoryBarrier();

    /// <summary>
    /// Whether a read-modify-write goes to RAM, where it can be made atomic. Devices get a read and a write.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsInRam(UpdateTarget target) => target.Host != null || IsInRam(_updated);

    /// <summary>Stores the new value of a LOCKed read-modify-write, if memory still holds the old one. Only where <see cref="IsInRam(UpdateTarget)"/>.</summary>
    /// <param name="target">From <see cref="BeginUpdate{T}"/>.</param>
    /// <param name="expected">The old value; where another vCPU was faster, it receives the present one.</param>
    /// <param name="value">The new value.</param>
    /// <returns>Whether it was stored; otherwise the new value is to be computed again.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReplace<T>(UpdateTarget target, ref T expected, T value) where T : unmanaged =>
        target.Host != null && Atomic.CanReplace<T>(target.Host)
            ? Atomic.TryReplace(target.Host, ref expected, value)
            : TryReplaceSlow(target, ref expected, value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReplaceSlow<T>(UpdateTarget target, ref T expected, T value) where T : unmanaged
    {
        if (target.Host == null)
            return TryReplace(_updated, ref expected, value);
        var address = new GuestPhysicalAddress((ulong)(target.Host - _memory.HostBase));
        return TryReplace(new Place(address, sizeof(T), address + (ulong)sizeof(T), sizeof(T)), ref expected, value);
    }

    private bool TryReplace<T>(in Place place, ref T expected, T value) where T : unmanaged
    {
        // SAFETY: IsInRam has been true of the place.
        var host = _memory.HostBase + place.First.Value;
        var replaced = place.IsInOnePage && Atomic.CanReplace<T>(host)
            ? Atomic.TryReplace(host, ref expected, value)
            : TryReplaceAlone(place, ref expected, value);
        if (replaced)
        {
            ReportStore(place.First, place.FirstLength);
            if (!place.IsInOnePage)
                ReportStore(place.Second, place.SecondLength);
        }
        return replaced;
    }

    private bool TryReplaceAlone<T>(Place place, ref T expected, T value) where T : unmanaged
    {
        var (found, wanted, replaced) = (default(T), expected, false);
        // SAFETY: IsInRam has been true of the place.
        byte* first = _memory.HostBase + place.First.Value, second = _memory.HostBase + place.Second.Value;
        _memory.Watch.Alone(_watcher, () =>
        {
            var bytes = MemoryMarshal.AsBytes(new Span<T>(ref found));
            SharedBytes.Load(first, bytes[..place.FirstLength]);
            SharedBytes.Load(second, bytes[place.FirstLength..]);
            replaced = EqualityComparer<T>.Default.Equals(found, wanted);
            if (!replaced)
                return;
            var stored = MemoryMarshal.AsBytes(new Span<T>(ref value));
            SharedBytes.Store(first, stored[..place.FirstLength]);
            SharedBytes.Store(second, stored[place.FirstLength..]);
        });
        expected = found;
        return replaced;
    }

    private bool IsInRam(in Place place) =>
        _memory.IsStorable(place.First, (ulong)place.FirstLength) && (place.IsInOnePage || _memory.IsStorable(place.Second, (ulong)place.SecondLength));
}
