using System.Text.Json;
using Ringmaster.Devices.Virtio;
using Ringmaster.Devices.Virtio.Rings;

namespace Ringmaster.Devices.Tests.Virtio.Rings;

/// <summary>A device with one queue that takes chains, keeps them, and returns them answered when the test says so.</summary>
public sealed class HoldingDevice : VirtioDevice
{
    public override VirtioType Type => VirtioType.Rng;

    public override ulong Features => 0;

    public override IReadOnlyList<int> QueueSizes { get; } = [16, 16];

    /// <summary>What the device has, in the order in which it got it, and what was to be read in it.</summary>
    public List<(VirtQueue Queue, DescriptorChain Chain, byte[] Bytes)> Held { get; } = [];

    public List<byte[]> Seen { get; } = [];

    public int Starts { get; private set; }

    public int Resets { get; private set; }

    /// <summary>Asks to be notified at once again, or not before it has looked by itself.</summary>
    public bool Polls { get; set; }

    public override void Start() => Starts++;

    public override void Continue()
    {
        foreach (var chain in Queue(0).Retake())
            Hold(Queue(0), chain, isNew: false);
        foreach (var chain in Queue(1).Retake())
            Hold(Queue(1), chain, isNew: false);
    }

    public override void Notified(VirtQueue queue)
    {
        do
        {
            while (queue.Take() is { } chain)
                Hold(queue, chain, isNew: true);
        }
        while (queue.AskForNotification(!Polls));
    }

    public void Look()
    {
        if (IsRunning)
            Notified(Queue(0));
    }

    /// <summary>Returns a chain that holds what was read, turned around.</summary>
    public void Return(int index, bool notify = true)
    {
        var (queue, chain, bytes) = Held[index];
        Held.RemoveAt(index);
        var answer = bytes.Reverse().Take((int)chain.Writable.Length).ToArray();
        Assert.True(chain.Writable.TryWrite(0, answer));
        queue.Return(chain, (uint)answer.Length);
        if (notify)
            queue.Notify();
    }

    public override void Reset()
    {
        Resets++;
        Held.Clear();
    }

    public override JsonElement? Save() => null;

    public override void Restore(JsonElement? state) => ExpectNoState(state);

    private void Hold(VirtQueue queue, DescriptorChain chain, bool isNew)
    {
        var bytes = new byte[chain.Readable.Length];
        Assert.True(chain.Readable.TryRead(0, bytes));
        Held.Add((queue, chain, bytes));
        if (isNew)
            Seen.Add(bytes);
    }
}
