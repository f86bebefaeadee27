using System.Numerics;
using System.Text.Json.Serialization.Metadata;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.State;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Display.Vga;

/// <summary>
/// A VGA (IBM PS/2 Hardware Interface Technical Reference, "Video Subsystem") with the Bochs display interface for modes beyond it,
/// as QEMU's standard VGA has it (docs/specs/standard-vga).
/// </summary>
/// <remarks>
/// The ports and the memory at A0000h are here. A PCI function that holds it adds the linear frame buffer
/// (<see cref="ReadFrameBuffer"/>) and the registers in memory (<see cref="ReadRegisters"/>). It makes no interrupts.
/// </remarks>
public sealed partial class VgaDevice : StatefulDevice<VgaState>, IPortDevice, IMmioDevice, IScreen
{
    /// <summary>The least and the most video memory, in bytes.</summary>
    public const int LeastMemory = 256 << 10, MostMemory = 256 << 20;

    /// <summary>Video memory of a device that is not told, in bytes.</summary>
    public const int DefaultMemory = 16 << 20;

    private readonly IVmClock _clock;
    private readonly VideoMemory _memory;
    private readonly byte[] _identification;
    private readonly VgaRegisters _registers = new();
    private readonly VgaDac _dac = new();
    private readonly DispiRegisters _dispi;
    private readonly PlanarMemory _planes;
    private readonly VgaTiming _timing;
    private readonly VgaPicture _vga;
    private readonly LinearPicture _linear;
    private ushort _dispiIndex;

    /// <summary>Creates the device.</summary>
    /// <param name="clock">Times retraces and what blinks.</param>
    /// <param name="memorySize">Bytes of video memory: a power of two from <see cref="LeastMemory"/> to <see cref="MostMemory"/>.</param>
    /// <param name="preferred">The size that its monitor asks for; 1280x800 unless given.</param>
    /// <param name="name">See <see cref="IDevice.Name"/>.</param>
    /// <param name="memory">Video memory, zeroed, of that size; empty to have some made.</param>
    public VgaDevice(IVmClock clock, int memorySize = DefaultMemory, ScreenSize? preferred = null, string name = "vga0", Memory<byte> memory = default) : base(name)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfLessThan(memorySize, LeastMemory);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(memorySize, MostMemory);
        if (!BitOperations.IsPow2(memorySize))
            throw new ArgumentException("Video memory is a power of two.", nameof(memorySize));
        if (!memory.IsEmpty && memory.Length != memorySize)
            throw new ArgumentException($"Video memory has {memorySize} bytes.", nameof(memory));
        _clock = clock;
        _memory = new VideoMemory(memory.IsEmpty ? new byte[memorySize] : memory);
        _identification = MonitorIdentification.Create(preferred ?? new ScreenSize(1280, 800));
        _dispi = new DispiRegisters(memorySize);
        _planes = new PlanarMemory(_registers, _memory);
        _timing = new VgaTiming(_registers);
        _vga = new VgaPicture(_registers, _dac, _memory);
        _linear = new LinearPicture(_dispi, _vga, _dac, _memory);
        _registers.Reset();
        UpdateWindow();
    }

    /// <inheritdoc/>
    public IReadOnlyList<PortRange> PortRanges { get; } =
    [
        new(new IoPort(DispiIndexPort), 3, 2), new(new IoPort(FirstMonoPort), 2), new(new IoPort(MonoStatusPort), 1),
        new(new IoPort(FirstPort), 0x10), new(new IoPort(FirstColourPort), 2), new(new IoPort(ColourStatusPort), 1),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<MmioRange> MmioRanges { get; } = [new(new GuestPhysicalAddress(WindowAddress), WindowSize)];

    /// <inheritdoc/>
    public ScreenSize Size => _dispi.IsEnabled ? _linear.Size : _vga.Size;

    /// <inheritdoc/>
    protected override string StateKind => "vga";

    /// <inheritdoc/>
    protected override JsonTypeInfo<VgaState> StateType => VgaStateJson.Default.VgaState;

    /// <inheritdoc/>
    public void Capture(Span<uint> pixels)
    {
        pixels = pixels[..Size.Pixels];
        if (_dispi.IsEnabled)
            _linear.Draw(pixels);
        else
            _vga.Draw(pixels, _timing.Frame(_clock.Now));
        // Video memory goes with the device, and nobody else may refer to that any more.
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _registers.Reset();
        _dac.Reset();
        _dispi.Reset();
        _dispiIndex = 0;
        _planes.Latches = 0;
        _memory.AsSpan().Clear();
        UpdateWindow();
    }

    /// <inheritdoc/>
    protected override VgaState Capture()
    {
        var pages = new List<VideoPage>();
        for (var page = 0; page < _memory.Length / VideoPage.Size; page++)
        {
            var content = _memory.AsSpan(page * VideoPage.Size, VideoPage.Size);
            if (content.ContainsAnyExcept((byte)0))
                pages.Add(new VideoPage(page, content.ToArray()));
        }
        return new VgaState(
            _registers.Answers, _registers.Miscellaneous, _registers.Feature, _registers.SequencerIndex, [.. _registers.Sequencer],
            _registers.GraphicsIndex, [.. _registers.Graphics], _registers.AttributeIndex, _registers.AttributeDataNext,
            [.. _registers.Attribute], _registers.CrtcIndex, [.. _registers.Crtc], _planes.Latches, _dac.Capture(), _dispiIndex,
            _dispi.Capture(), [.. pages]);
    }

    /// <inheritdoc/>
    protected override void Apply(VgaState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Check(state);
        _registers.Answers = state.Answers;
        _registers.Miscellaneous = state.Miscellaneous;
        _registers.Feature = state.Feature;
        _registers.SequencerIndex = state.SequencerIndex;
        _registers.GraphicsIndex = state.GraphicsIndex;
        _registers.AttributeIndex = (byte)(state.AttributeIndex & 0x3F);
        _registers.AttributeDataNext = state.AttributeDataNext;
        _registers.CrtcIndex = state.CrtcIndex;
        _registers.Restore(state.Sequencer, state.Graphics, state.Attribute, state.Crtc);
        _planes.Latches = state.Latches;
        _dispiIndex = state.DispiIndex;
        _dispi.Restore(state.Dispi);
        _dac.Restore(state.Dac, _dispi.HasEightBitDac);
        _memory.AsSpan().Clear();
        foreach (var page in state.Pages)
            page.Content.CopyTo(_memory.AsSpan(page.Number * VideoPage.Size));
        UpdateWindow();
    }

    private void Check(VgaState state)
    {
        if (state.Sequencer.Length != VgaRegisters.SequencerCount || state.Graphics.Length != VgaRegisters.GraphicsCount
            || state.Attribute.Length != VgaRegisters.AttributeCount || state.Crtc.Length != VgaRegisters.CrtcCount)
            throw new SavedStateException($"{Name}: the saved state does not have as many registers as a VGA.");
        if (state.Dac.Table.Length != VgaDac.TableSize)
            throw new SavedStateException($"{Name}: the saved state's colour table does not have {VgaDac.TableSize} bytes.");
        foreach (var page in state.Pages)
        {
            // The serializer lets null pass as an element.
            if (page is null || page.Content.Length != VideoPage.Size || page.Number < 0 || page.Number >= _memory.Length / VideoPage.Size)
                throw new SavedStateException($"{Name}: the saved state has video memory that is not within {_memory.Length} bytes.");
        }
    }
}
