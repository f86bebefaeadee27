using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.State;

namespace Ringmaster.Devices.Virtio;

/// <summary>
/// What a virtio device does, whatever it is reached through. The transport owns the queues and the negotiation; the device is
/// told when the driver is ready, when there is something in a queue, and when all is over.
/// </summary>
public abstract class VirtioDevice
{
    private VirtioCore? _core;

    /// <summary>What it is.</summary>
    public abstract VirtioType Type { get; }

    /// <summary>The features of its type that it offers. Those in <see cref="VirtioFeature"/> are the transport's.</summary>
    public abstract ulong Features { get; }

    /// <summary>The most descriptors of each of its queues, powers of two.</summary>
    public abstract IReadOnlyList<int> QueueSizes { get; }

    /// <summary>Bytes of its configuration space.</summary>
    public virtual int ConfigLength => 0;

    /// <summary>What was agreed on with the driver.</summary>
    protected ulong Agreed => Core.Agreed;

    /// <summary>Whether the driver is ready and the device works.</summary>
    public bool IsRunning => Core.IsRunning;

    private VirtioCore Core => _core ?? throw new InvalidOperationException("The device has no transport yet.");

    /// <summary>Fills in the whole configuration space, little-endian.</summary>
    /// <param name="config"><see cref="ConfigLength"/> bytes of zeros.</param>
    public virtual void ReadConfig(Span<byte> config)
    {
    }

    /// <summary>The driver has written to the configuration space.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="bytes">What it wrote, inside the space.</param>
    public virtual void WriteConfig(int offset, ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>The driver is ready: from now on queues may be used.</summary>
    public virtual void Start()
    {
    }

    /// <summary>
    /// The device has been restored, and its driver was ready when the state was saved. Chains that were in flight then come again
    /// from <see cref="VirtQueue.Retake"/>, and their work is to be done anew. Nothing else is taken: the driver notifies of it.
    /// </summary>
    public virtual void Continue()
    {
    }

    /// <summary>The driver has put something into a queue, which is enabled.</summary>
    public abstract void Notified(VirtQueue queue);

    /// <summary>
    /// The driver resets the device, or it broke the rules. The host must not touch the memory of chains that are in flight any
    /// more when this returns.
    /// </summary>
    public virtual void Reset()
    {
    }

    /// <summary>
    /// The driver resets one of the queues. The host must not touch the memory of its chains any more when this returns. A device
    /// that does not say otherwise starts anew with the others: it is reset, and then told to <see cref="Continue"/>.
    /// </summary>
    public virtual void ResetQueue(VirtQueue queue)
    {
        Reset();
        if (IsRunning)
            Continue();
    }

    /// <summary>Takes the state beyond that of queues and negotiation; null if there is none.</summary>
    public abstract JsonElement? Save();

    /// <summary>Takes on such a state in place of what there was: chains that were in flight are forgotten, as by <see cref="Reset"/>.</summary>
    /// <exception cref="SavedStateException">It is malformed. Nothing has changed.</exception>
    public abstract void Restore(JsonElement? state);

    internal void Connect(VirtioCore core) => _core = core;

    /// <summary>A queue.</summary>
    protected VirtQueue Queue(int index) => Core.Queues[index];

    /// <summary>Tells the driver that the configuration space has changed.</summary>
    protected void ConfigChanged() => Core.ConfigChanged();

    /// <summary>Stops the device: the driver has broken the rules in a way that it cannot recover from (virtio 1.2 section 2.1.2).</summary>
    protected void Break() => Core.Break();

    /// <summary>For devices without state beyond that of queues and negotiation; resets the device.</summary>
    protected void ExpectNoState(JsonElement? state)
    {
        if (state is not null)
            throw new SavedStateException($"The saved state of a virtio {Type} device has data that it should not have.");
        Reset();
    }

    /// <summary>Reads a state record.</summary>
    /// <exception cref="SavedStateException">It is malformed.</exception>
    protected T Read<T>(JsonElement? state, JsonTypeInfo<T> type) where T : class => SavedState.Read(state, type, $"virtio {Type}");
}
