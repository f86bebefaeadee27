using System.Security.Cryptography;
using System.Text.Json;

namespace Ringmaster.Devices.Virtio.Rng;

/// <summary>An entropy source (virtio 1.2 section 5.4): fills what the driver gives it with the host's randomness.</summary>
public sealed class VirtioRng : VirtioDevice
{
    private const int Most = 4096;

    /// <inheritdoc/>
    public override VirtioType Type => VirtioType.Rng;

    /// <inheritdoc/>
    public override ulong Features => 0;

    /// <inheritdoc/>
    public override IReadOnlyList<int> QueueSizes { get; } = [8];

    /// <inheritdoc/>
    public override void Start() => Notified(Queue(0));

    /// <inheritdoc/>
    public override void Notified(VirtQueue queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        Span<byte> bytes = stackalloc byte[Most];
        do
        {
            while (queue.Take() is { } chain)
            {
                // It may give less than was asked for, but not nothing (section 5.4.6.1).
                var part = bytes[..(int)Math.Min(chain.Writable.Length, Most)];
                RandomNumberGenerator.Fill(part);
                queue.Return(chain, chain.Writable.TryWrite(0, part) ? (uint)part.Length : 0);
            }
        }
        while (queue.AskForNotification(true));
        queue.Notify();
    }

    /// <inheritdoc/>
    public override JsonElement? Save() => null;

    /// <inheritdoc/>
    public override void Restore(JsonElement? state) => ExpectNoState(state);
}
