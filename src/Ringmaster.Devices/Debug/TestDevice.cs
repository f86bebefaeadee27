using System.Buffers.Binary;
using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Debug;

/// <summary>
/// The device that bare-metal test kernels (kvm-unit-tests) know as pc-testdev, with the older ports for characters and
/// memory size beside it.
/// </summary>
/// <remarks>
/// <code>
/// D1h-D4h      read: bytes of RAM, 32 bits
/// E0h-E3h      four bytes that hold what is written, accessed whole
/// E4h-E7h      write: a guest-physical address whose page the host should map anew; nothing to do here
/// E8h-EBh      the bytes of E0h-E3h, accessed one at a time
/// F1h          write: a character
/// 2000h-2017h  write: level of global system interrupt 0 to 23
/// FF000000h    64 KiB of memory behind the MMIO path
/// </code>
/// Test kernels end through <see cref="IsaDebugExit"/>. Ports D1h-D4h are a DMA controller's and memory at FF000000h may be
/// flash: the device belongs in test machines only.
/// </remarks>
public sealed class TestDevice : StatefulDevice<TestDeviceState>, IPortDevice, IMmioDevice
{
    /// <summary>How many interrupt lines it drives.</summary>
    public const int LineCount = 24;

    private const ushort RamSizePort = 0xD1, DataPort = 0xE0, FlushPort = 0xE4, ByteDataPort = 0xE8, CharacterPort = 0xF1, LinePort = 0x2000;
    private const int MemorySize = 0x1_0000;
    private const uint AllLines = (1u << LineCount) - 1;

    private static readonly GuestPhysicalAddress s_memoryStart = new(0xFF00_0000);

    private readonly Func<int, IInterruptLine> _line;
    private readonly ulong _ramSize;
    private readonly Action<byte> _written;
    private readonly byte[] _memory = new byte[MemorySize];
    private uint _portData;
    private uint _lines;

    /// <summary>Creates the device.</summary>
    /// <param name="line">Finds the line of a global system interrupt, 0 to 23.</param>
    /// <param name="ramSize">Bytes of RAM; the guest sees the low 32 bits.</param>
    /// <param name="written">Receives the characters.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public TestDevice(Func<int, IInterruptLine> line, ulong ramSize, Action<byte> written, string name = "testdev") : base(name)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(written);
        _line = line;
        _ramSize = ramSize;
        _written = written;
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; } =
    [
        new(new IoPort(RamSizePort), 4, 4),
        new(new IoPort(DataPort), 4, 4),
        new(new IoPort(FlushPort), 4, 4),
        new(new IoPort(ByteDataPort), 4),
        new(new IoPort(CharacterPort), 1),
        new(new IoPort(LinePort), LineCount),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<MmioRange> MmioRanges { get; } = [new(s_memoryStart, MemorySize)];

    /// <inheritdoc/>
    protected override string StateKind => "testdev";

    /// <inheritdoc/>
    protected override JsonTypeInfo<TestDeviceState> StateType => TestDeviceStateJson.Default.TestDeviceState;

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size) => port.Value switch
    {
        >= RamSizePort and < RamSizePort + 4 => (uint)_ramSize >> ((port.Value - RamSizePort) * 8),
        >= DataPort and < DataPort + 4 or >= ByteDataPort and < ByteDataPort + 4 => _portData >> ((port.Value & 3) * 8),
        _ => uint.MaxValue,
    };

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        switch (port.Value)
        {
            case >= DataPort and < DataPort + 4 or >= ByteDataPort and < ByteDataPort + 4:
                var shift = (port.Value & 3) * 8;
                var mask = (size == 4 ? uint.MaxValue : (1u << (size * 8)) - 1) << shift;
                _portData = (_portData & ~mask) | ((value << shift) & mask);
                break;
            case CharacterPort:
                _written((byte)value);
                break;
            case >= LinePort and < LinePort + LineCount:
                var bit = 1u << (port.Value - LinePort);
                DriveLines(value != 0 ? _lines | bit : _lines & ~bit);
                break;
        }
    }

    /// <inheritdoc/>
    public ulong ReadMmio(GuestPhysicalAddress address, int size)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        _memory.AsSpan((int)(address - s_memoryStart), size).CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <inheritdoc/>
    public void WriteMmio(GuestPhysicalAddress address, int size, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes[..size].CopyTo(_memory.AsSpan((int)(address - s_memoryStart)));
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Array.Clear(_memory);
        _portData = 0;
        DriveLines(0);
    }

    /// <inheritdoc/>
    protected override TestDeviceState Capture() => new(_portData, _lines, [.. _memory]);

    /// <inheritdoc/>
    protected override void Apply(TestDeviceState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Memory.Length != MemorySize)
            throw new SavedStateException($"{Name}: the saved state does not have {MemorySize} bytes of memory.");
        state.Memory.CopyTo(_memory, 0);
        _portData = state.PortData;
        DriveLines(state.Lines & AllLines);
    }

    /// <summary>Brings the lines to their levels, touching only those that change: other devices may share the rest.</summary>
    private void DriveLines(uint levels)
    {
        var changed = levels ^ _lines;
        _lines = levels;
        for (var line = 0; line < LineCount; line++)
        {
            if ((changed >> line & 1) != 0)
                _line(line).Set((levels >> line & 1) != 0);
        }
    }
}
