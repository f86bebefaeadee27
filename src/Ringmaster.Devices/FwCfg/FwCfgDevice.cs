using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.FwCfg;

/// <summary>
/// The firmware configuration device (QEMU's "fw_cfg" specification): items and named files that firmware reads, through a
/// byte-wide port or by DMA. Items and files are added before the guest starts.
/// </summary>
public sealed class FwCfgDevice : StatefulDevice<FwCfgState>, IPortDevice
{
    /// <summary>Key of the signature, "QEMU".</summary>
    public const ushort SignatureKey = 0x00;

    /// <summary>Key of the feature bits.</summary>
    public const ushort FeaturesKey = 0x01;

    /// <summary>Key of the file directory.</summary>
    public const ushort DirectoryKey = 0x19;

    private const uint TraditionalFeature = 1 << 0, DmaFeature = 1 << 1;
    private const ushort WriteChannelBit = 0x4000;
    private const int DmaChunk = 64 * 1024;

    private static readonly IoPort SelectorPort = new(0x510), DataPort = new(0x511), DmaHighPort = new(0x514), DmaLowPort = new(0x518);

    private readonly GuestMemory _memory;
    private readonly Dictionary<ushort, FwCfgItem> _items = [];
    private readonly FwCfgDirectory _directory = new();
    private ushort _selector;
    private uint _offset;
    private uint _dmaAddressHigh;

    /// <summary>Creates the device with nothing but signature, features and an empty directory.</summary>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    /// <param name="memory">Where DMA goes.</param>
    public FwCfgDevice(string name, GuestMemory memory) : base(name)
    {
        _memory = memory;
        _items[SignatureKey] = new FwCfgItem("QEMU"u8.ToArray());
        var features = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(features, TraditionalFeature | DmaFeature);
        _items[FeaturesKey] = new FwCfgItem(features);
        _items[DirectoryKey] = new FwCfgItem(_directory.Serialize());
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges => [new(SelectorPort, 2, 2), new(DmaHighPort, 8, 4)];

    /// <inheritdoc/>
    protected override string StateKind => "fw-cfg";

    /// <inheritdoc/>
    protected override JsonTypeInfo<FwCfgState> StateType => FwCfgStateContext.Default.FwCfgState;

    private FwCfgItem? Selected => _items.GetValueOrDefault(_selector) ?? _directory.Find(_selector);

    private static ReadOnlySpan<byte> DmaSignature => "QEMU CFG"u8;

    /// <summary>Adds an item.</summary>
    /// <param name="key">Below 20h, or from 8000h to 801Fh for what belongs to the architecture.</param>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="ArgumentException">The key is a file's, or taken.</exception>
    public void AddItem(ushort key, ReadOnlyMemory<byte> content)
    {
        if ((key & 0x7FFF) >= FwCfgDirectory.FirstKey)
            throw new ArgumentException($"Firmware configuration key 0x{key:x} is not one of an item's.", nameof(key));
        if (!_items.TryAdd(key, new FwCfgItem(content)))
            throw new ArgumentException($"Firmware configuration key 0x{key:x} is taken.", nameof(key));
    }

    /// <summary>Adds a file. Its key depends on the names of all files and is final only when all have been added.</summary>
    /// <param name="name">Unique, at most 55 ASCII characters: <c>"etc/acpi/rsdp"</c>.</param>
    /// <param name="content">Its bytes.</param>
    /// <exception cref="ArgumentException">The name is unfit or taken.</exception>
    public void AddFile(string name, ReadOnlyMemory<byte> content) => Add(name, new FwCfgItem(content));

    /// <summary>Adds a file that the guest can also write, by DMA. Its length is fixed.</summary>
    /// <param name="name">As for <see cref="AddFile"/>.</param>
    /// <param name="content">What it holds after reset.</param>
    /// <param name="written">Receives the whole content after each write and after a restore.</param>
    /// <exception cref="ArgumentException">The name is unfit or taken.</exception>
    public void AddWritableFile(string name, ReadOnlyMemory<byte> content, Action<ReadOnlyMemory<byte>> written) =>
        Add(name, new FwCfgItem(content, written));

    /// <inheritdoc/>
    public override void Reset()
    {
        Select(SignatureKey);
        _dmaAddressHigh = 0;
        foreach (var (_, file) in _directory.Files.Where(file => file.Value.IsWritable))
            file.Reset();
    }

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size)
    {
        if (port.Value >= DmaHighPort.Value)
        {
            var value = 0u;
            for (var i = 0; i < size && port.Value - DmaHighPort.Value + i < DmaSignature.Length; i++)
                value |= (uint)DmaSignature[port.Value - DmaHighPort.Value + i] << (i * 8);
            return value;
        }
        return port == DataPort && size == 1 ? ReadByte() : 0u;
    }

    /// <inheritdoc/>
    /// <remarks>Writes to the data register have been without effect since the DMA interface exists.</remarks>
    public void WritePort(IoPort port, int size, uint value)
    {
        if (port == SelectorPort && size == 2)
        {
            Select((ushort)value);
        }
        else if (port == DmaHighPort && size == 4)
        {
            _dmaAddressHigh = BinaryPrimitives.ReverseEndianness(value);
        }
        else if (port == DmaLowPort && size == 4)
        {
            var address = ((ulong)_dmaAddressHigh << 32) | BinaryPrimitives.ReverseEndianness(value);
            _dmaAddressHigh = 0;
            RunDma(new GuestPhysicalAddress(address));
        }
    }

    /// <inheritdoc/>
    protected override FwCfgState Capture() => new(
        _selector, _offset, _dmaAddressHigh,
        [.. _directory.Files.Where(file => file.Value.IsWritable)
            .Select(file => new FwCfgFileState(file.Key, file.Value.Content.ToArray()))]);

    /// <inheritdoc/>
    protected override void Apply(FwCfgState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var files = state.WritableFiles.IsDefault ? ImmutableArray<FwCfgFileState>.Empty : state.WritableFiles;
        foreach (var file in files)
        {
            if (file?.Name is null || file.Content is null || _directory.Find(file.Name) is not { IsWritable: true } item
                || item.Length != file.Content.Length)
                throw new SavedStateException($"{Name}: this machine has no writable file '{file?.Name}' of the saved length.");
        }
        _selector = (ushort)(state.Selector & ~WriteChannelBit);
        _offset = Math.Min(state.Offset, (uint)(Selected?.Length ?? 0));
        _dmaAddressHigh = state.DmaAddressHigh;
        foreach (var file in files)
        {
            var item = _directory.Find(file.Name)!;
            file.Content.CopyTo(item.Window(0, item.Length));
            item.ReportWritten();
        }
    }

    private void Add(string name, FwCfgItem file)
    {
        _directory.Add(name, file);
        _items[DirectoryKey] = new FwCfgItem(_directory.Serialize());
    }

    private void Select(ushort key)
    {
        _selector = (ushort)(key & ~WriteChannelBit);
        _offset = 0;
    }

    private byte ReadByte()
    {
        if (Selected is not { } item || _offset >= item.Length)
            return 0;
        return item.Content.Span[(int)_offset++];
    }

    /// <summary>Carries out a command and writes the outcome into its control field: 0, or the error bit.</summary>
    private void RunDma(GuestPhysicalAddress address)
    {
        Span<byte> bytes = stackalloc byte[FwCfgDmaCommand.Size];
        var succeeded = _memory.TryRead(address, bytes) && Execute(FwCfgDmaCommand.Parse(bytes));
        _memory.TryWrite(address, BinaryPrimitives.ReverseEndianness(succeeded ? 0 : FwCfgDmaCommand.ErrorBit));
    }

    private bool Execute(FwCfgDmaCommand command)
    {
        if (command.Selects)
            Select(command.Key);
        var item = Selected;
        var available = (uint)Math.Min(command.Length, (item?.Length ?? 0) - _offset);
        var address = new GuestPhysicalAddress(command.Address);
        if (command.Reads)
            return Read(item, address, available, command.Length);
        if (command.Writes)
            return Write(item, address, available, command.Length);
        if (command.Skips)
            _offset += available;
        return true;
    }

    /// <summary>Copies what the item has; past its end the guest receives zeros.</summary>
    private bool Read(FwCfgItem? item, GuestPhysicalAddress address, uint available, uint length)
    {
        if (length == 0)
            return true;
        if (!_memory.Contains(address, length))
            return false;
        if (item is not null)
            _memory.TryWrite(address, item.Content.Span.Slice((int)_offset, (int)available));
        _offset += available;
        var zeros = new byte[Math.Min(DmaChunk, length - available)];
        for (ulong done = available; done < length; done += DmaChunk)
            _memory.TryWrite(address + done, zeros.AsSpan(0, (int)Math.Min(DmaChunk, length - done)));
        return true;
    }

    /// <summary>Overwrites what the item has; a write past its end is an error, and so is one to anything read-only.</summary>
    private bool Write(FwCfgItem? item, GuestPhysicalAddress address, uint available, uint length)
    {
        if (length == 0)
            return true;
        if (item is not { IsWritable: true } || available == 0
            || !_memory.TryRead(address, item.Window((int)_offset, (int)available)))
            return false;
        _offset += available;
        item.ReportWritten();
        return available == length;
    }
}
