using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.Pci;
using Ringmaster.Devices.State;
using Ringmaster.Devices.Virtio;
using Ringmaster.Devices.Virtio.Pci;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Virtio.Rings;

/// <summary>A virtio device on a PCI bus with some RAM, and a driver's hands on its registers.</summary>
public sealed class VirtioBoard
{
    public const ulong Event = 1UL << 29, Indirect = 1UL << 28, Version1 = 1UL << 32, Packed = 1UL << 34, RingReset = 1UL << 40;

    private readonly bool _isLegacy;
    private readonly IRegisterBlock _registers;

    public VirtioBoard(VirtioDevice device, bool isLegacy = false, GuestMemory? memory = null)
    {
        Memory = memory ?? GuestMemory.Create([new RamRange(new GuestPhysicalAddress(0), 0x40_0000)]);
        (_isLegacy, Virtio) = (isLegacy, device);
        Device = new VirtioPciDevice("virtio", device, new DmaSpace(Memory), Clock, 0xFF_0000);
        var bus = new PciBus((_, _) => new Interrupts.InterruptLine(_ => { }), (_, _) => { });
        bus.Attach(PciAddress.OnBus0(1), Device);
        Device.Reset();
        _registers = Device.Pci.Bars.Single(b => b.Index == (isLegacy ? 0 : 4)).Registers;
    }

    public GuestMemory Memory { get; }

    public ManualVmClock Clock { get; } = new();

    public VirtioDevice Virtio { get; }

    public VirtioPciDevice Device { get; }

    public VirtioStatus Status => (VirtioStatus)_registers.Read(_isLegacy ? 18UL : 20UL, 1);

    /// <summary>Resets the device, and agrees on what is offered of some features.</summary>
    /// <param name="wanted">Features.</param>
    /// <param name="isReady">Whether to say at once that the driver is ready.</param>
    /// <returns>What was agreed on.</returns>
    public ulong Negotiate(ulong wanted, bool isReady = false)
    {
        SetStatus(0);
        SetStatus(3);
        ulong accepted = 0;
        if (_isLegacy)
        {
            accepted = _registers.Read(0, 4) & wanted;
            _registers.Write(4, 4, accepted);
        }
        else
        {
            for (uint half = 0; half < 2; half++)
            {
                _registers.Write(0, 4, half);
                var window = _registers.Read(4, 4) & (wanted | Version1) >> (int)(32 * half) & uint.MaxValue;
                _registers.Write(8, 4, half);
                _registers.Write(12, 4, window);
                accepted |= window << (int)(32 * half);
            }
            SetStatus(11);
            Assert.True(Status.HasFlag(VirtioStatus.FeaturesOk));
        }
        if (isReady)
            Ready();
        return accepted;
    }

    public void SetStatus(byte value) => _registers.Write(_isLegacy ? 18UL : 20UL, 1, value);

    /// <summary>The driver is ready.</summary>
    public void Ready() => SetStatus((byte)(_isLegacy ? 7 : 15));

    /// <summary>Sets up a queue.</summary>
    public void Enable(int queue, DriverRing ring)
    {
        if (_isLegacy)
        {
            _registers.Write(14, 2, (ulong)queue);
            Assert.Equal((ulong)ring.Size, _registers.Read(12, 2));
            _registers.Write(8, 4, ring.Descriptors >> 12);
            return;
        }
        _registers.Write(22, 2, (ulong)queue);
        _registers.Write(24, 2, (ulong)ring.Size);
        Assert.Equal((ulong)ring.Size, _registers.Read(24, 2));
        _registers.Write(32, 8, ring.Descriptors);
        // As drivers for 32 bits do.
        _registers.Write(40, 4, ring.Driver & uint.MaxValue);
        _registers.Write(44, 4, ring.Driver >> 32);
        _registers.Write(48, 8, ring.Device);
        _registers.Write(28, 2, 1);
        Assert.Equal(1UL, _registers.Read(28, 2));
    }

    public void ResetQueue(int queue)
    {
        _registers.Write(22, 2, (ulong)queue);
        _registers.Write(58, 2, 1);
        Assert.Equal((0UL, 0UL), (_registers.Read(58, 2), _registers.Read(28, 2)));
    }

    public void Notify(int queue)
    {
        if (_isLegacy)
            _registers.Write(16, 2, (ulong)queue);
        else
            _registers.Write(0x3000 + 4 * (ulong)queue, 2, (ulong)queue);
    }

    /// <summary>Whether a queue has interrupted since this was last asked.</summary>
    public bool WasInterrupted() => (TakeInterrupts() & 1) != 0;

    public byte TakeInterrupts() => (byte)(_isLegacy ? _registers.Read(19, 1) : _registers.Read(0x1000, 1));

    /// <summary>The device's own configuration.</summary>
    public ulong ReadConfig(int offset, int size) => _registers.Read((_isLegacy ? 20UL : 0x2000UL) + (ulong)offset, size);

    public void WriteConfig(int offset, int size, ulong value) => _registers.Write((_isLegacy ? 20UL : 0x2000UL) + (ulong)offset, size, value);

    /// <summary>The same RAM under another device with this one's state.</summary>
    public VirtioBoard MoveTo(VirtioDevice device)
    {
        SavedState state = Device.Save();
        var board = new VirtioBoard(device, _isLegacy, Memory);
        board.Device.Restore(state);
        Assert.Equal(state.Data!.Value.GetRawText(), board.Device.Save().Data!.Value.GetRawText());
        return board;
    }
}
