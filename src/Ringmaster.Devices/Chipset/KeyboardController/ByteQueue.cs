namespace Ringmaster.Devices.Chipset.KeyboardController;

/// <summary>Bytes on their way from a PS/2 device to the controller.</summary>
/// <param name="capacity">How many it holds.</param>
internal sealed class ByteQueue(int capacity)
{
    private readonly Queue<byte> _bytes = new(capacity);

    public int Count => _bytes.Count;

    public int Room => capacity - _bytes.Count;

    /// <summary>Adds bytes together, or none if they do not all fit.</summary>
    public bool TryAdd(params ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Room)
            return false;
        foreach (var value in bytes)
            _bytes.Enqueue(value);
        return true;
    }

    public bool TryTake(out byte value) => _bytes.TryDequeue(out value);

    public void Clear() => _bytes.Clear();

    public byte[] ToArray() => [.. _bytes];

    /// <summary>Takes on saved bytes, as many as fit.</summary>
    public void Restore(byte[] bytes)
    {
        Clear();
        TryAdd(bytes.AsSpan(0, Math.Min(bytes.Length, capacity)));
    }
}
