namespace Ringmaster.Memory.Tests;

/// <summary>A watcher that remembers what it was asked to do.</summary>
internal sealed class RecordingWatcher : CodeWatcher
{
    public List<ulong> Protected { get; } = [];

    public List<(ulong Address, int Length)> Dropped { get; } = [];

    public int AllProtected { get; private set; }

    public int Notifications { get; private set; }

    protected internal override void ProtectNow(ulong page) => Protected.Add(page);

    protected internal override void ProtectAllNow() => AllProtected++;

    protected internal override void DropNow(GuestPhysicalAddress address, int length) => Dropped.Add((address.Value, length));

    protected internal override void Notify() => Notifications++;
}
