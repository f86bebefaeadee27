using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio.Rings;

/// <summary>The driver's side of a ring, as virtio 1.2 describes it, in guest RAM.</summary>
public abstract class DriverRing(GuestMemory memory, int size, ulong address, bool hasEventIndex)
{
    protected const ushort NextFlag = 1, WriteFlag = 2, IndirectFlag = 4;

    public int Size => size;

    public abstract ulong Descriptors { get; }

    public abstract ulong Driver { get; }

    public abstract ulong Device { get; }

    public abstract int Free { get; }

    protected ulong Start => address;

    protected bool HasEventIndex => hasEventIndex;

    /// <summary>Makes buffers available: those to read, then those to write.</summary>
    /// <param name="buffers">The buffers.</param>
    /// <param name="table">Where to put an indirect table; null for none.</param>
    /// <returns>The ID; null if there is no room.</returns>
    public abstract ushort? Add(IReadOnlyList<DriverBuffer> buffers, ulong? table);

    /// <summary>Whether the driver has to notify the device of what it has added since it last asked.</summary>
    public abstract bool MustNotify();

    /// <summary>Takes back what the device has returned.</summary>
    public abstract (ushort Id, uint Written)? Take();

    /// <summary>Asks for an interrupt for the next chain that is returned, or for none.</summary>
    /// <returns>Whether something has been returned already.</returns>
    public abstract bool Want(bool interrupts);

    protected void Put<T>(ulong at, T value) where T : unmanaged => Assert.True(memory.TryWrite(new GuestPhysicalAddress(at), value));

    protected T Get<T>(ulong at) where T : unmanaged
    {
        Assert.True(memory.TryRead(new GuestPhysicalAddress(at), out T value));
        return value;
    }

    protected void PutDescriptor(ulong at, ulong buffer, uint length, ushort third, ushort fourth)
    {
        Put(at, buffer);
        Put(at + 8, length);
        Put(at + 12, third);
        Put(at + 14, fourth);
    }
}
