using System.Text.Json;
using Ringmaster.Devices.Virtio;

namespace Ringmaster.Devices.Tests.Virtio.Rings;

/// <summary>A device whose driver, on another vCPU, refills the ring whenever the device has returned something.</summary>
public sealed class EagerDriver : VirtioDevice
{
    public override VirtioType Type => VirtioType.Rng;

    public override ulong Features => 0;

    public override IReadOnlyList<int> QueueSizes { get; } = [16];

    public DriverRing? Ring { get; set; }

    public int Done { get; private set; }

    public override void Start() => Notified(Queue(0));

    public override void Notified(VirtQueue queue)
    {
        do
        {
            while (queue.Take() is { } chain)
            {
                Done++;
                queue.Return(chain, 0);
                Ring!.Take();
                Ring.Add([new DriverBuffer(0x8000, 4, false)], null);
            }
        }
        while (queue.AskForNotification(true));
        queue.Notify();
    }

    public override JsonElement? Save() => null;

    public override void Restore(JsonElement? state) => ExpectNoState(state);
}
