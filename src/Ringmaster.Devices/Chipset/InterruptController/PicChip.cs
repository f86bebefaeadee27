using System.Numerics;

namespace Ringmaster.Devices.Chipset.InterruptController;

/// <summary>One 8259A as its data sheet (Intel 231468) describes it, in 8086 mode; the pair connects two of them.</summary>
/// <param name="isMaster">Whether input <see cref="PicPair.CascadeInput"/> is another chip's output.</param>
/// <param name="levelCapable">Inputs that the ELCR may make level triggered.</param>
internal sealed class PicChip(bool isMaster, byte levelCapable)
{
    private const byte CascadeBit = 1 << PicPair.CascadeInput;

    private byte _lines;
    private byte _request;
    private byte _inService;
    private byte _mask = 0xFF;
    private byte _levelTriggered;
    private byte _vectorBase;
    private byte _lowestPriority = 7;
    private byte _nextWord;
    private bool _single;
    private bool _fourthWord;
    private bool _automaticEoi;
    private bool _rotateOnAutomaticEoi;
    private bool _specialFullyNested;
    private bool _specialMask;
    private bool _poll;
    private bool _readInService;

    /// <summary>The INT pin.</summary>
    public bool Output => HighestRequest >= 0;

    /// <summary>The ELCR byte. Inputs of timer, keyboard, cascade, clock and FPU stay edge triggered (PIIX 82371AB 4.2.6).</summary>
    public byte LevelTriggered
    {
        get => _levelTriggered;
        set
        {
            _levelTriggered = (byte)(value & levelCapable);
            // A level input requests exactly while its line is up; one turned to edge keeps what it has latched.
            _request = (byte)((_request & ~_levelTriggered) | (_lines & _levelTriggered));
        }
    }

    public void Reset() => Restore(new PicChipState(0, 0, 0, 0xFF, 0, 0, 7, 0, false, false, false, false, false, false, false, false));

    /// <summary>Drives an input. A request lasts only while its line is up, so one withdrawn early ends as a spurious input 7.</summary>
    public void SetInput(int input, bool asserted)
    {
        var bit = (byte)(1 << input);
        if (asserted == ((_lines & bit) != 0))
            return;
        _lines ^= bit;
        if (asserted)
            _request |= bit;
        else
            _request &= (byte)~bit;
    }

    /// <summary>Keeps an input's level in mind without its doing anything, while the chip's state is elsewhere.</summary>
    /// <returns>Whether it has changed.</returns>
    public bool TryNoteLine(int input, bool asserted)
    {
        var before = _lines;
        _lines = (byte)(asserted ? _lines | 1 << input : _lines & ~(1 << input));
        return _lines != before;
    }

    /// <summary>
    /// Takes the cascade's line down without its request, as when a slave's input is withdrawn so late that the master has
    /// already promised its interrupt: the slave then answers the acknowledgement with a spurious input 7.
    /// </summary>
    public void LowerCascade() => _lines &= unchecked((byte)~CascadeBit);

    /// <summary>The INTA cycle: takes the most urgent request into service.</summary>
    /// <returns>Its input, or 7 with <paramref name="spurious"/> set if the request has gone.</returns>
    public int Acknowledge(out bool spurious)
    {
        var input = HighestRequest;
        spurious = input < 0;
        if (spurious)
            return 7;
        var bit = (byte)(1 << input);
        _request &= (byte)(~bit | _levelTriggered);
        if (!_automaticEoi)
            _inService |= bit;
        else if (_rotateOnAutomaticEoi)
            _lowestPriority = (byte)input;
        return input;
    }

    public byte Vector(int input) => (byte)(_vectorBase | input);

    public byte ReadEven() => _poll ? ReadPoll() : _readInService ? _inService : _request;

    public byte ReadOdd() => _poll ? ReadPoll() : _mask;

    public void WriteEven(byte value)
    {
        if ((value & 0x10) != 0)
            WriteIcw1(value);
        else if ((value & 0x08) != 0)
            WriteOcw3(value);
        else
            WriteOcw2(value);
    }

    public void WriteOdd(byte value)
    {
        switch (_nextWord)
        {
            case 2:
                _vectorBase = (byte)(value & 0xF8);
                _nextWord = (byte)(!_single ? 3 : _fourthWord ? 4 : 0);
                break;
            case 3:
                // Which input is cascaded is decided by the board's wiring; ICW3 can only confirm it.
                _nextWord = (byte)(_fourthWord ? 4 : 0);
                break;
            case 4:
                _specialFullyNested = (value & 0x10) != 0;
                _automaticEoi = (value & 0x02) != 0;
                _nextWord = 0;
                break;
            default:
                _mask = value;
                break;
        }
    }

    public PicChipState Capture() => new(
        _lines, _request, _inService, _mask, _levelTriggered, _vectorBase, _lowestPriority, _nextWord, _single, _fourthWord,
        _automaticEoi, _rotateOnAutomaticEoi, _specialFullyNested, _specialMask, _poll, _readInService);

    public void Restore(PicChipState state)
    {
        _lines = state.Lines;
        _mask = state.Mask;
        _inService = state.InService;
        _levelTriggered = (byte)(state.LevelTriggered & levelCapable);
        var possible = isMaster ? _lines | CascadeBit : _lines;
        _request = (byte)((state.Request & possible & ~_levelTriggered) | (_lines & _levelTriggered));
        _vectorBase = (byte)(state.VectorBase & 0xF8);
        _lowestPriority = (byte)(state.LowestPriority & 7);
        _nextWord = state.NextWord is 2 or 3 or 4 ? state.NextWord : (byte)0;
        _single = state.Single;
        _fourthWord = state.FourthWord;
        _automaticEoi = state.AutomaticEoi;
        _rotateOnAutomaticEoi = state.RotateOnAutomaticEoi;
        _specialFullyNested = state.SpecialFullyNested;
        _specialMask = state.SpecialMask;
        _poll = state.Poll;
        _readInService = state.ReadInService;
    }

    /// <summary>The most urgent unmasked request that nothing in service holds back, or -1.</summary>
    private int HighestRequest
    {
        get
        {
            var wanted = (byte)(_request & ~_mask);
            if (wanted == 0)
                return -1;
            var blocking = _inService;
            if (_specialMask)
                blocking &= (byte)~_mask;
            var rank = Rank(wanted);
            var input = Input(rank);
            // The cascade may interrupt itself if specially nested: the slave knows which of its inputs is the more urgent.
            var limit = Rank(blocking);
            var nests = _specialFullyNested && isMaster && input == PicPair.CascadeInput && rank == limit;
            return rank < limit || nests ? input : -1;
        }
    }

    /// <summary>How urgent the most urgent of some inputs is: 0 first, 8 if there is none.</summary>
    private int Rank(byte inputs)
    {
        var shift = (_lowestPriority + 1) & 7;
        return Math.Min(8, BitOperations.TrailingZeroCount((inputs >> shift) | (inputs << (8 - shift)) & 0xFF));
    }

    private int Input(int rank) => (rank + _lowestPriority + 1) & 7;

    private void WriteIcw1(byte value)
    {
        // LTIM (bit 3) has no effect where an ELCR exists (PIIX 82371AB 4.2.1).
        _fourthWord = (value & 0x01) != 0;
        _single = (value & 0x02) != 0;
        _nextWord = 2;
        _request = (byte)(_lines & _levelTriggered);
        _inService = 0;
        _mask = 0;
        _lowestPriority = 7;
        _specialMask = false;
        _poll = false;
        _readInService = false;
        _rotateOnAutomaticEoi = false;
        if (!_fourthWord)
        {
            _automaticEoi = false;
            _specialFullyNested = false;
        }
    }

    private void WriteOcw2(byte value)
    {
        var level = value & 7;
        switch (value >> 5)
        {
            case 0b000:
                _rotateOnAutomaticEoi = false;
                break;
            case 0b100:
                _rotateOnAutomaticEoi = true;
                break;
            case 0b001:
                EndHighest(rotate: false);
                break;
            case 0b101:
                EndHighest(rotate: true);
                break;
            case 0b011:
                _inService &= (byte)~(1 << level);
                break;
            case 0b111:
                _inService &= (byte)~(1 << level);
                _lowestPriority = (byte)level;
                break;
            case 0b110:
                _lowestPriority = (byte)level;
                break;
        }
    }

    private void EndHighest(bool rotate)
    {
        // In special mask mode a non-specific end passes over masked inputs (231468, "Special Mask Mode").
        var rank = Rank(_specialMask ? (byte)(_inService & ~_mask) : _inService);
        if (rank == 8)
            return;
        var input = Input(rank);
        _inService &= (byte)~(1 << input);
        if (rotate)
            _lowestPriority = (byte)input;
    }

    private void WriteOcw3(byte value)
    {
        if ((value & 0x40) != 0)
            _specialMask = (value & 0x20) != 0;
        _poll = (value & 0x04) != 0;
        if ((value & 0x02) != 0)
            _readInService = (value & 0x01) != 0;
    }

    private byte ReadPoll()
    {
        _poll = false;
        var input = Acknowledge(out var spurious);
        return spurious ? (byte)0 : (byte)(0x80 | input);
    }
}
