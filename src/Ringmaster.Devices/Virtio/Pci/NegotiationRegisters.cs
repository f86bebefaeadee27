namespace Ringmaster.Devices.Virtio.Pci;

/// <summary>The common configuration structure (virtio 1.2 section 4.1.4.3).</summary>
/// <param name="core">The device behind it.</param>
internal sealed class NegotiationRegisters(VirtioCore core) : FieldBlock
{
    /// <summary>Bytes.</summary>
    public const int Length = 64;

    private const int OfferedSelector = 0, Offered = 4, AcceptedSelector = 8, Accepted = 12, ConfigVector = 16, QueueCount = 18, Status = 20,
        Generation = 21, QueueSelector = 22, QueueSize = 24, QueueVector = 26, QueueEnable = 28, QueueNotify = 30, QueueDescriptors = 32,
        QueueDriver = 40, QueueDevice = 48, QueueNotifyData = 56, QueueReset = 58;

    /// <inheritdoc/>
    protected override (int Start, int Length) FieldAt(int offset) => offset switch
    {
        < ConfigVector => (offset & ~3, 4),
        Status or Generation => (offset, 1),
        < QueueDescriptors => (offset & ~1, 2),
        < QueueNotifyData => (offset & ~7, 8),
        < QueueReset + 2 => (offset & ~1, 2),
        _ => (offset, 1),
    };

    /// <inheritdoc/>
    protected override ulong ReadField(int start) => start switch
    {
        OfferedSelector => core.OfferedSelector,
        Offered => core.OfferedWindow,
        AcceptedSelector => core.AcceptedSelector,
        Accepted => core.AcceptedWindow,
        ConfigVector => core.ConfigVector,
        QueueCount => (ulong)core.Queues.Count,
        Status => (ulong)core.Status,
        Generation => core.Generation,
        QueueSelector => core.QueueSelector,
        // A queue that there is not has no descriptors.
        QueueSize => (ulong)(core.Selected?.Size ?? 0),
        QueueVector => core.Selected?.Vector ?? VirtioCore.NoVector,
        QueueEnable => core.Selected?.IsEnabled == true ? 1UL : 0,
        QueueNotify => (ulong)(core.Selected?.Index ?? 0),
        QueueDescriptors => core.Selected?.Descriptors ?? 0,
        QueueDriver => core.Selected?.Driver ?? 0,
        QueueDevice => core.Selected?.Device ?? 0,
        _ => 0,
    };

    /// <inheritdoc/>
    protected override void WriteField(int start, ulong value)
    {
        switch (start)
        {
            case OfferedSelector:
                core.OfferedSelector = (uint)value;
                return;
            case AcceptedSelector:
                core.AcceptedSelector = (uint)value;
                return;
            case Accepted:
                core.AcceptedWindow = (uint)value;
                return;
            case ConfigVector:
                core.ConfigVector = core.VectorOf(value);
                return;
            case Status:
                core.SetStatus((byte)value);
                return;
            case QueueSelector:
                core.QueueSelector = (ushort)value;
                return;
            case QueueVector when core.Selected is { } queue:
                queue.Vector = core.VectorOf(value);
                return;
            case QueueEnable when value == 1:
                core.EnableQueue();
                return;
            case QueueReset when value == 1:
                core.ResetQueue();
                return;
        }
        // The rest is fixed once the queue is enabled.
        if (core.Selected is not { IsEnabled: false } selected)
            return;
        switch (start)
        {
            case QueueSize when selected.IsLegalSize((int)value, core.Agreed):
                selected.Size = (int)value;
                break;
            case QueueDescriptors:
                selected.Descriptors = value;
                break;
            case QueueDriver:
                selected.Driver = value;
                break;
            case QueueDevice:
                selected.Device = value;
                break;
        }
    }
}
