using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio.Net;

/// <summary>A driver's side of a ring.</summary>
/// <param name="memory">Guest RAM.</param>
/// <param name="start">Where the ring begins; it takes at most three pages.</param>
/// <param name="size">Descriptors.</param>
internal abstract class TestRing(GuestMemory memory, ulong start, int size)
{
    public ulong Descriptors => start;

    public ulong Driver => start + 0x1000;

    public ulong Device => start + 0x2000;

    public int Size => size;

    /// <summary>Whether the device asks for a notification of the next chain.</summary>
    public abstract bool WantsNotification { get; }

    protected GuestMemory Memory => memory;

    /// <summary>Makes buffers available as one chain, those to read first.</summary>
    /// <returns>The chain's ID.</returns>
    public abstract ushort Add(params IReadOnlyList<(ulong Address, int Length, bool IsWritable)> buffers);

    /// <summary>Takes a chain that the device has returned; null if there is none.</summary>
    public abstract (ushort Id, uint Written)? Take();

    protected T Read<T>(ulong address) where T : unmanaged =>
        memory.TryRead(new GuestPhysicalAddress(address), out T value) ? value : throw new InvalidOperationException($"{address:x} is no RAM.");

    protected void Write<T>(ulong address, T value) where T : unmanaged => Assert.True(memory.TryWrite(new GuestPhysicalAddress(address), value));
}
