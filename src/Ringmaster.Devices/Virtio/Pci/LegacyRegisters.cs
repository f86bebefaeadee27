using Ringmaster.Devices.Pci;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Virtio.Pci;

/// <summary>The registers of before virtio 1, behind I/O ports (virtio 1.2 section 4.1.4.10). A driver that writes here is a legacy one.</summary>
/// <param name="core">The device behind it.</param>
/// <param name="isMsixEnabled">Whether two more registers are there.</param>
/// <param name="takeInterrupts">Reads the interrupt status, which clears it.</param>
internal sealed class LegacyRegisters(VirtioCore core, Func<bool> isMsixEnabled, Func<byte> takeInterrupts) : FieldBlock, IRegisterBlock
{
    /// <summary>Where the driver writes the number of a queue that it notifies of.</summary>
    public const int QueueNotify = 16;

    private const int Offered = 0, Accepted = 4, QueueAddress = 8, QueueSize = 12, QueueSelector = 14, Status = 18, Interrupts = 19,
        ConfigVector = 20, QueueVector = 22;
    private const int PageShift = 12, UsedAlignment = 4096;

    private readonly DeviceConfig _config = new(core.Device);

    private ulong CommonLength => isMsixEnabled() ? 24UL : 20UL;

    /// <inheritdoc/>
    ulong IRegisterBlock.Read(ulong offset, int size) =>
        offset < CommonLength ? Read(offset, (int)Math.Min((ulong)size, CommonLength - offset)) : _config.Read(offset - CommonLength, size);

    /// <inheritdoc/>
    void IRegisterBlock.Write(ulong offset, int size, ulong value)
    {
        if (offset < CommonLength)
            Write(offset, (int)Math.Min((ulong)size, CommonLength - offset), value);
        else
            _config.Write(offset - CommonLength, size, value);
    }

    /// <inheritdoc/>
    protected override (int Start, int Length) FieldAt(int offset) => offset switch
    {
        < QueueSize => (offset & ~3, 4),
        Status or Interrupts => (offset, 1),
        _ => (offset & ~1, 2),
    };

    /// <inheritdoc/>
    protected override ulong ReadField(int start) => start switch
    {
        Offered => core.OfferedToLegacy,
        Accepted => (uint)core.Agreed,
        QueueAddress => core.Selected is { IsEnabled: true } queue ? queue.Descriptors >> PageShift : 0,
        QueueSize => (ulong)(core.Selected?.MaxSize ?? 0),
        QueueSelector => core.QueueSelector,
        Status => (ulong)core.Status,
        Interrupts => takeInterrupts(),
        ConfigVector => core.ConfigVector,
        QueueVector => core.Selected?.Vector ?? VirtioCore.NoVector,
        _ => 0,
    };

    /// <inheritdoc/>
    protected override void WriteField(int start, ulong value)
    {
        switch (start)
        {
            case Accepted:
                core.AcceptAsLegacy((uint)value);
                break;
            case QueueAddress when core.Selected is { } queue:
                core.UseLegacy();
                Place(queue, value << PageShift);
                break;
            case QueueSelector:
                core.QueueSelector = (ushort)value;
                break;
            case QueueNotify:
                core.Notify((ushort)value);
                break;
            case Status:
                core.UseLegacy();
                core.SetStatus((byte)value);
                break;
            case ConfigVector:
                core.ConfigVector = core.VectorOf(value);
                break;
            case QueueVector when core.Selected is { } queue:
                queue.Vector = core.VectorOf(value);
                break;
        }
    }

    /// <summary>The three parts follow each other, the used ring on a page of its own (section 2.7.2).</summary>
    private void Place(VirtQueue queue, ulong address)
    {
        var vector = queue.Vector;
        if (queue.IsEnabled)
            core.ResetQueue(queue);
        queue.Vector = vector;
        if (address == 0)
            return;
        queue.Descriptors = address;
        queue.Driver = address + (ulong)queue.Size * 16;
        queue.Device = (queue.Driver + 6 + 2 * (ulong)queue.Size + UsedAlignment - 1) & ~(ulong)(UsedAlignment - 1);
        core.EnableQueue();
    }
}
