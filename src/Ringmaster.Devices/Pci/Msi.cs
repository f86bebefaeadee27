namespace Ringmaster.Devices.Pci;

/// <summary>MSI with 64-bit addresses and a mask for each vector (PCI Local Bus 3.0 section 6.8.1).</summary>
public sealed class Msi
{
    private const byte CapabilityId = 0x05;
    private const int Length = 24, Address = 4, Data = 12, Mask = 16, Pending = 20;
    private const uint Enable = 1, Is64Bit = 1 << 7, HasMasks = 1 << 8;

    private readonly PciConfigSpace _config;
    private readonly Action<ulong, uint> _send;
    private readonly int _capability;

    /// <summary>Adds the capability.</summary>
    /// <param name="config">The function's configuration space.</param>
    /// <param name="vectors">1, 2, 4, 8, 16 or 32.</param>
    /// <param name="send">Sends a message.</param>
    internal Msi(PciConfigSpace config, int vectors, Action<ulong, uint> send)
    {
        if (vectors is < 1 or > 32 || !int.IsPow2(vectors))
            throw new ArgumentOutOfRangeException(nameof(vectors), vectors, "MSI has 1, 2, 4, 8, 16 or 32 vectors.");
        (_config, _send, VectorCount) = (config, send, vectors);
        var all = (uint)((1UL << vectors) - 1);
        _capability = config.AddCapability(CapabilityId, Length);
        config.Define(_capability + 2, 2, Is64Bit | HasMasks | (uint)int.Log2(vectors) << 1, Enable | 7 << 4);
        config.Define(_capability + Address, 4, 0, ~3u);
        config.Define(_capability + Address + 4, 4, 0, ~0u);
        config.Define(_capability + Data, 2, 0, 0xFFFF);
        config.Define(_capability + Mask, 4, 0, all);
    }

    /// <summary>How many vectors the function can use.</summary>
    public int VectorCount { get; }

    /// <summary>Whether the function interrupts by MSI, and not by its pin.</summary>
    public bool IsEnabled => (Control & Enable) != 0;

    /// <summary>Vectors that wait for being unmasked, one bit each.</summary>
    internal uint PendingBits
    {
        get => _config.Doubleword(_capability + Pending);
        set => _config.Set(_capability + Pending, 4, value & (uint)((1UL << VectorCount) - 1));
    }

    private uint Control => _config.Read(_capability + 2, 2);

    /// <summary>Vectors that software lets the function use.</summary>
    private int Granted => Math.Min(1 << (int)(Control >> 4 & 7), VectorCount);

    /// <summary>Interrupts by a vector, now or when it is not masked any more.</summary>
    /// <param name="vector">Those beyond what software grants share the last.</param>
    public void Signal(int vector)
    {
        if (!IsEnabled)
            return;
        var used = Math.Min(vector, Granted - 1);
        if ((_config.Doubleword(_capability + Mask) >> used & 1) != 0)
            PendingBits |= 1u << used;
        else
            Send(used);
    }

    /// <summary>The capability may have been written.</summary>
    internal void ControlChanged()
    {
        if (!IsEnabled)
            return;
        var due = PendingBits & ~_config.Doubleword(_capability + Mask);
        PendingBits &= ~due;
        for (var vector = 0; due != 0; vector++, due >>= 1)
        {
            if ((due & 1) != 0)
                Send(vector);
        }
    }

    private void Send(int vector)
    {
        var address = _config.Doubleword(_capability + Address) | (ulong)_config.Doubleword(_capability + Address + 4) << 32;
        var data = _config.Read(_capability + Data, 2);
        _send(address, (data & ~(uint)(Granted - 1)) | (uint)vector);
    }
}
