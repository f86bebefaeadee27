using Ringmaster.Memory;

namespace Ringmaster.Devices.Bus;

/// <summary>The I/O port space: which device answers which port. Ports that none answers read as all ones and swallow writes.</summary>
/// <param name="rest">Answers what no attached device does, if there is such: the PCI bus.</param>
public sealed class PortBus(IPortTarget? rest = null)
{
    private readonly Dictionary<ushort, (IPortDevice Device, PortRange Range)> _ports = [];

    /// <summary>Connects a device at all its ranges.</summary>
    /// <exception cref="BusConflictException">Another device answers one of the ports; the bus is unchanged.</exception>
    public void Attach(IPortDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        foreach (var range in device.PortRanges)
        {
            for (var i = 0; i < range.Count; i++)
            {
                if (_ports.TryGetValue((range.First + i).Value, out var other))
                    throw new BusConflictException(
                        $"{device.Name} wants {range}, but {other.Device.Name} already has {other.Range}.");
            }
        }
        foreach (var range in device.PortRanges)
        {
            for (var i = 0; i < range.Count; i++)
                _ports[(range.First + i).Value] = (device, range);
        }
    }

    /// <summary>Carries out a guest's IN.</summary>
    /// <param name="port">The first port.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    public uint Read(IoPort port, int size)
    {
        if (TryWhole(port, size, out var device))
            return device.ReadPort(port, size) & Mask(size);
        if (IsFree(port, size))
            return rest is null ? Mask(size) : rest.ReadPort(port, size) & Mask(size);
        uint value = 0;
        for (var done = 0; done < size;)
        {
            var at = port + done;
            var step = Step(at, size - done, out var part);
            value |= (part?.ReadPort(at, step) ?? rest?.ReadPort(at, step) ?? uint.MaxValue) << (done * 8) & (Mask(step) << (done * 8));
            done += step;
        }
        return value;
    }

    /// <summary>Carries out a guest's OUT.</summary>
    /// <param name="port">The first port.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">What is written; bytes above <paramref name="size"/> are ignored.</param>
    public void Write(IoPort port, int size, uint value)
    {
        if (TryWhole(port, size, out var device))
        {
            device.WritePort(port, size, value & Mask(size));
            return;
        }
        if (IsFree(port, size))
        {
            rest?.WritePort(port, size, value & Mask(size));
            return;
        }
        for (var done = 0; done < size;)
        {
            var at = port + done;
            var step = Step(at, size - done, out var part);
            (part ?? rest)?.WritePort(at, step, (value >> (done * 8)) & Mask(step));
            done += step;
        }
    }

    private static uint Mask(int size) => size == 4 ? uint.MaxValue : (1u << (size * 8)) - 1;

    /// <summary>Whether no attached device answers any byte.</summary>
    public bool IsFree(IoPort port, int size)
    {
        for (var i = 0; i < size; i++)
        {
            if (_ports.ContainsKey((port + i).Value))
                return false;
        }
        return true;
    }

    private bool TryWhole(IoPort port, int size, out IPortDevice device)
    {
        var found = _ports.TryGetValue(port.Value, out var entry);
        device = entry.Device;
        return found && size <= entry.Range.MaxAccess && port.Value - entry.Range.First.Value + size <= entry.Range.Count;
    }

    /// <summary>How many of the remaining bytes the device at a port takes in one access: the largest power of two that fits.</summary>
    private int Step(IoPort port, int remaining, out IPortDevice? device)
    {
        device = null;
        if (!_ports.TryGetValue(port.Value, out var entry))
            return 1;
        device = entry.Device;
        var room = Math.Min(remaining, entry.Range.First.Value + entry.Range.Count - port.Value);
        var step = Math.Min(entry.Range.MaxAccess, 4);
        while (step > room)
            step /= 2;
        return step;
    }
}
