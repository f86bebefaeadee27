using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Dma;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Chipset.DmaController;

/// <summary>
/// The two 8237A of an AT and their page registers: channels 0 to 3 move bytes inside 64 KiB, channels 5 to 7 words inside 128 KiB,
/// all below 16 MiB (PIIX3 data sheet, "DMA Controller").
/// </summary>
/// <remarks>
/// Transfers happen when a device on a channel asks for them, all at once; requests by software only show in the status, and
/// memory-to-memory transfers do not exist on a PC. Page registers that belong to no channel keep what is written, port 80h among
/// them, where firmware shows its progress.
/// </remarks>
public sealed class IsaDmaController : StatefulDevice<DmaControllerState>, IPortDevice
{
    /// <summary>Channels, of which 4 joins both controllers.</summary>
    public const int ChannelCount = 2 * DmaChip.Channels;

    private const ushort FirstPorts = 0x00, SecondPorts = 0xC0, PagePorts = 0x80;
    private const int PageCount = 16;

    // The page register of each channel, by its place behind port 80h.
    private static readonly byte[] s_pageOf = [0x7, 0x3, 0x1, 0x2, 0xF, 0xB, 0x9, 0xA];

    private readonly DmaSpace _memory;
    private readonly DmaChip[] _chips = [new(), new()];
    private readonly byte[] _pages = new byte[PageCount];
    private readonly Channel[] _channels;

    /// <summary>Creates the controllers.</summary>
    /// <param name="memory">The memory that channels access.</param>
    /// <param name="hasSecondPorts">Whether ports C0h to DFh are answered; a <see cref="Debug.TestDevice"/> needs some of them.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    public IsaDmaController(DmaSpace memory, bool hasSecondPorts = true, string name = "dma") : base(name)
    {
        ArgumentNullException.ThrowIfNull(memory);
        _memory = memory;
        _channels = [.. Enumerable.Range(0, ChannelCount).Select(number => new Channel(this, number))];
        PortRange[] always = [new(new IoPort(FirstPorts), 16), new(new IoPort(PagePorts), PageCount)];
        PortRanges = hasSecondPorts ? [.. always, new(new IoPort(SecondPorts), 32)] : always;
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; }

    /// <inheritdoc/>
    protected override string StateKind => "isa-dma";

    /// <inheritdoc/>
    protected override JsonTypeInfo<DmaControllerState> StateType => DmaControllerStateJson.Default.DmaControllerState;

    /// <summary>The channel for a device; 2 is the floppy controller's.</summary>
    /// <param name="number">0 to 7, but not 4.</param>
    public IDmaChannel ChannelFor(int number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)number, (uint)ChannelCount);
        ArgumentOutOfRangeException.ThrowIfEqual(number, DmaChip.Channels);
        return _channels[number];
    }

    /// <inheritdoc/>
    public uint ReadPort(IoPort port, int size) => port.Value switch
    {
        >= SecondPorts => _chips[1].Read((port.Value - SecondPorts) / 2),
        >= PagePorts => _pages[port.Value - PagePorts],
        _ => _chips[0].Read(port.Value),
    };

    /// <inheritdoc/>
    public void WritePort(IoPort port, int size, uint value)
    {
        switch (port.Value)
        {
            case >= SecondPorts:
                _chips[1].Write((port.Value - SecondPorts) / 2, (byte)value);
                break;
            case >= PagePorts:
                _pages[port.Value - PagePorts] = (byte)value;
                return;
            default:
                _chips[0].Write(port.Value, (byte)value);
                break;
        }
        foreach (var channel in _channels)
        {
            if (channel.IsReady)
                channel.Ready?.Invoke();
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        foreach (var chip in _chips)
            chip.Reset();
        Array.Clear(_pages);
    }

    /// <inheritdoc/>
    protected override DmaControllerState Capture() => new(_chips[0].Capture(), _chips[1].Capture(), [.. _pages]);

    /// <inheritdoc/>
    protected override void Apply(DmaControllerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        DmaChip.Check(Name, state.First);
        DmaChip.Check(Name, state.Second);
        if (state.Pages.Length != PageCount)
            throw new SavedStateException($"{Name}: the saved state does not have {PageCount} page registers.");
        _chips[0].Apply(state.First);
        _chips[1].Apply(state.Second);
        state.Pages.CopyTo(_pages, 0);
    }

    /// <summary>A channel; those of the second controller move words.</summary>
    private sealed class Channel(IsaDmaController controller, int number) : IDmaChannel
    {
        private readonly DmaChip _chip = controller._chips[number / DmaChip.Channels];
        private readonly int _index = number % DmaChip.Channels;
        private readonly int _width = number < DmaChip.Channels ? 1 : 2;

        public Action? Ready { get; set; }

        public bool IsReady => _chip.IsReady(_index);

        private GuestPhysicalAddress Address
        {
            get
            {
                uint page = controller._pages[s_pageOf[number]];
                // A word's address lacks its lowest bit, which the page's lowest makes room for.
                return new(_width == 1 ? page << 16 | _chip.Address(_index) : (page & 0xFE) << 16 | (uint)_chip.Address(_index) << 1);
            }
        }

        public DmaTransfer ToMemory(ReadOnlySpan<byte> bytes)
        {
            var moved = 0;
            while (IsReady && bytes.Length - moved >= _width)
            {
                var run = _chip.Run(_index, (bytes.Length - moved) / _width);
                Store(bytes.Slice(moved, run * _width));
                moved += run * _width;
                if (_chip.Advance(_index, run))
                    return new DmaTransfer(moved, IsTerminal: true);
            }
            return new DmaTransfer(moved, IsTerminal: false);
        }

        public DmaTransfer FromMemory(Span<byte> bytes)
        {
            var moved = 0;
            while (IsReady && bytes.Length - moved >= _width)
            {
                var run = _chip.Run(_index, (bytes.Length - moved) / _width);
                Load(bytes.Slice(moved, run * _width));
                moved += run * _width;
                if (_chip.Advance(_index, run))
                    return new DmaTransfer(moved, IsTerminal: true);
            }
            return new DmaTransfer(moved, IsTerminal: false);
        }

        /// <summary>Stores a run at the present address; where there is no RAM, nothing is stored.</summary>
        private void Store(ReadOnlySpan<byte> run)
        {
            var at = Address;
            if (_chip.Direction(_index) != DmaDirection.Write || controller._memory.TryWrite(at, run))
                return;
            for (var i = 0; i < run.Length; i++)
                controller._memory.TryWrite(at + (ulong)i, run.Slice(i, 1));
        }

        private void Load(Span<byte> run)
        {
            var at = Address;
            run.Fill(0xFF);
            if (_chip.Direction(_index) != DmaDirection.Read || controller._memory.TryRead(at, run))
                return;
            for (var i = 0; i < run.Length; i++)
                controller._memory.TryRead(at + (ulong)i, run.Slice(i, 1));
        }
    }
}
