using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Pci;

/// <summary>
/// A PCI bus: the functions on it, and the addresses and ports that they answer. It answers what the board's own devices leave.
/// </summary>
/// <param name="connect">Gives a new wire from a function's interrupt pin (1 to 4) to the interrupt controllers.</param>
/// <param name="sendMessage">Sends an interrupt message: address and data.</param>
public sealed class PciBus(Func<PciAddress, int, IInterruptLine> connect, Action<ulong, uint> sendMessage) : IPortTarget, IMmioTarget
{
    private readonly SortedDictionary<int, (IPciDevice Device, Slot Slot)> _functions = [];
    private readonly List<(ulong Start, ulong Last, PciBar Bar)> _ports = [], _memory = [];
    private bool _isMapKnown;

    /// <summary>Where the enhanced configuration mechanism answers: 256 MiB, 4 KiB a function; null for nowhere.</summary>
    public GuestPhysicalAddress? Ecam { get; set; }

    /// <summary>Who carries out doorbells off the vCPUs' threads; null for nobody, when they are writes like others.</summary>
    public IPciDoorbells? Doorbells
    {
        get;
        set
        {
            field = value;
            Moved();
        }
    }

    /// <summary>The functions, in order of their addresses.</summary>
    public IEnumerable<(PciAddress Address, IPciDevice Device)> Functions =>
        _functions.Select(f => (PciAddress.FromRoutingId((uint)f.Key), f.Value.Device));

    /// <summary>Plugs a function in.</summary>
    /// <exception cref="BusConflictException">There is one already.</exception>
    public void Attach(PciAddress address, IPciDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (_functions.TryGetValue(address.RoutingId, out var other))
            throw new BusConflictException($"{device.Name} wants PCI slot {address}, but {other.Device.Name} is already there.");
        var slot = new Slot(this, device.Pci.Pin == 0 ? null : connect(address, device.Pci.Pin));
        _functions.Add(address.RoutingId, (device, slot));
        device.Pci.Connect(slot);
    }

    /// <summary>Pulls a function out; its interrupt is taken down.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Detach(PciAddress address)
    {
        if (!_functions.Remove(address.RoutingId, out var there))
            return false;
        there.Slot.SetInterrupt(false);
        there.Device.Pci.Connect(null);
        Moved();
        return true;
    }

    /// <summary>Software reads a function's configuration space. Where there is no function, all bits are ones.</summary>
    /// <param name="address">The function.</param>
    /// <param name="offset">The first byte, 0 to 4095.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    public uint ReadConfig(PciAddress address, int offset, int size) =>
        _functions.TryGetValue(address.RoutingId, out var there) ? there.Device.Pci.ReadConfig(offset, size) : uint.MaxValue >> (32 - 8 * size);

    /// <summary>Software writes a function's configuration space.</summary>
    /// <param name="address">The function.</param>
    /// <param name="offset">The first byte, 0 to 4095.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">Bytes above <paramref name="size"/> are ignored.</param>
    public void WriteConfig(PciAddress address, int offset, int size, uint value)
    {
        if (_functions.TryGetValue(address.RoutingId, out var there))
            there.Device.Pci.WriteConfig(offset, size, value);
    }

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size)
    {
        if (Find(_ports, port.Value, size, out var bar, out var offset))
            return (uint)bar.Registers.Read(offset, size);
        uint value = 0;
        for (var i = 0; i < size && size > 1; i++)
            value |= (ReadPort(port + i, 1) & 0xFF) << (8 * i);
        return size > 1 ? value : 0xFF;
    }

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        if (Find(_ports, port.Value, size, out var bar, out var offset))
        {
            bar.Registers.Write(offset, size, value);
            return;
        }
        for (var i = 0; i < size && size > 1; i++)
            WritePort(port + i, 1, (value >> (8 * i)) & 0xFF);
    }

    /// <inheritdoc/>
    public ulong ReadMmio(GuestPhysicalAddress address, int size)
    {
        if (IsEcam(address, size, out var function, out var register))
            return ReadEcam(function, register, size);
        if (Find(_memory, address.Value, size, out var bar, out var offset))
            return bar.Registers.Read(offset, size);
        ulong value = 0;
        for (var i = 0; i < size && size > 1; i++)
            value |= (ReadMmio(address + (ulong)i, 1) & 0xFF) << (8 * i);
        return size > 1 ? value : 0xFF;
    }

    /// <inheritdoc/>
    public void WriteMmio(GuestPhysicalAddress address, int size, ulong value)
    {
        if (IsEcam(address, size, out var function, out var register))
        {
            WriteEcam(function, register, size, value);
            return;
        }
        if (Find(_memory, address.Value, size, out var bar, out var offset))
        {
            bar.Registers.Write(offset, size, value);
            return;
        }
        for (var i = 0; i < size && size > 1; i++)
            WriteMmio(address + (ulong)i, 1, (value >> (8 * i)) & 0xFF);
    }

    /// <summary>An access to one function's configuration space, of one byte or of several that are aligned to at most four.</summary>
    private bool IsEcam(GuestPhysicalAddress address, int size, out PciAddress function, out int register)
    {
        const ulong length = 0x1000_0000;
        var offset = Ecam is { } start && address >= start ? address - start : length;
        function = PciAddress.FromRoutingId((uint)(offset >> 12) & 0xFFFF);
        register = (int)(offset & 0xFFF);
        return offset < length && size is 1 or 2 or 4 or 8 && (offset & ((ulong)size - 1)) == 0;
    }

    private ulong ReadEcam(PciAddress function, int register, int size) =>
        size == 8 ? ReadConfig(function, register, 4) | (ulong)ReadConfig(function, register + 4, 4) << 32 : ReadConfig(function, register, size);

    private void WriteEcam(PciAddress function, int register, int size, ulong value)
    {
        WriteConfig(function, register, Math.Min(size, 4), (uint)value);
        if (size == 8)
            WriteConfig(function, register + 4, 4, (uint)(value >> 32));
    }

    private bool Find(List<(ulong Start, ulong Last, PciBar Bar)> map, ulong address, int size, out PciBar bar, out ulong offset)
    {
        if (!_isMapKnown)
            Remap();
        foreach (var (start, last, candidate) in map)
        {
            if (address < start || address > last)
                continue;
            bar = candidate;
            offset = address - start;
            return (ulong)size - 1 <= last - address;
        }
        (bar, offset) = (null!, 0);
        return false;
    }

    private void Moved()
    {
        _isMapKnown = false;
        Doorbells?.Update(
            from function in _functions.Values
            from doorbell in function.Device.Pci.Doorbells
            where IsPlaced(doorbell.Bar)
            select (doorbell, doorbell.Bar.Address + doorbell.Offset));
    }

    private static bool IsPlaced(PciBar bar)
    {
        var (start, last) = (bar.Address, bar.Address + (bar.Size - 1));
        return bar.IsEnabled && last >= start && (!bar.IsIo || last <= ushort.MaxValue);
    }

    private void Remap()
    {
        _isMapKnown = true;
        _ports.Clear();
        _memory.Clear();
        foreach (var (device, _) in _functions.Values)
        {
            foreach (var bar in device.Pci.Bars)
            {
                if (IsPlaced(bar))
                    (bar.IsIo ? _ports : _memory).Add((bar.Address, bar.Address + (bar.Size - 1), bar));
            }
        }
    }

    private sealed class Slot(PciBus bus, IInterruptLine? line) : IPciRoot
    {
        public void Moved() => bus.Moved();

        public void SetInterrupt(bool asserted) => line?.Set(asserted);

        public void SendMessage(ulong address, uint data) => bus.SendMessage(address, data);
    }

    private void SendMessage(ulong address, uint data) => sendMessage(address, data);
}
