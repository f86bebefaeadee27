using static Ringmaster.Devices.Network.E1000.E1000Register;

namespace Ringmaster.Devices.Network.E1000;

/// <summary>The register file: values, and what software can write.</summary>
internal sealed class E1000Registers
{
    private const int Words = 0x6000 / 4;
    private const uint BaseMask = ~0xFu, LengthMask = 0xF_FF80, IndexMask = 0xFFFF, DelayMask = 0xFFFF;

    private readonly uint[] _values = new uint[Words];

    public uint this[int offset]
    {
        get => _values[offset / 4];
        set => _values[offset / 4] = value;
    }

    /// <summary>Whether there may be a register.</summary>
    public static bool IsInside(ulong offset) => offset < Words * 4;

    /// <summary>The bits of a register that keep what software writes to them, where nothing else is said.</summary>
    public static uint WritableBits(int offset) => offset switch
    {
        Control or ControlShadow => 0x7BFF_FFFF,
        // Reading the EEPROM anew (bit 13) is over at once.
        ControlExtended => ~(1u << 13),
        FlashAccess or FlowAddressLow => uint.MaxValue,
        FlowAddressHigh or FlowType or VlanType or FlowTime => 0xFFFF,
        Throttle => 0xFFFF,
        ReceiveControl => 0x0EDF_FFFE,
        TransmitConfiguration => 0xC000_FFFF,
        TransmitControl => 0x01FF_FFFA,
        InterPacketGap => 0x3FFF_FFFF,
        AdaptiveSpacing or Leds or TransmitDmaControl or SegmentationPadding => uint.MaxValue,
        BufferAllocation => 0xFFFF,
        FlowLow => 0x8000_FFF8,
        FlowHigh => 0x0000_FFF8,
        ReceiveBaseLow or TransmitBaseLow => BaseMask,
        ReceiveBaseHigh or TransmitBaseHigh => uint.MaxValue,
        ReceiveLength or TransmitLength => LengthMask,
        ReceiveHead or ReceiveTail or TransmitHead or TransmitTail => IndexMask,
        ReceiveDelay or ReceiveAbsoluteDelay or TransmitDelay or TransmitAbsoluteDelay => DelayMask,
        SmallPacket => 0xFFF,
        ReceiveThresholds => 0x013F_3F3F,
        TransmitThresholds => 0xFF3F_3F3F,
        ReceiveChecksum => 0x7FF,
        WakeControl or WakeFilter or WakeStatus or Management or AddressValid => uint.MaxValue,
        >= MulticastTable and < MulticastTable + 4 * TableWords => uint.MaxValue,
        >= VlanTable and < VlanTable + 4 * TableWords => uint.MaxValue,
        >= Addresses and < Addresses + 8 * AddressCount => (offset & 4) == 0 ? uint.MaxValue : 0x8003_FFFF,
        _ => 0,
    };

    /// <summary>The values after power-up; those of tables are not defined, and here zero.</summary>
    public void Reset()
    {
        Array.Clear(_values);
        this[VlanType] = 0x8100;
        // 48 KiB of packet memory for reception, 16 for transmission (section 13.4.25).
        this[BufferAllocation] = 0x0010_0030;
        this[Leds] = 0x0706_8302;
        this[TransmitThresholds] = 1 << 16;
        this[ReceiveThresholds] = 1 << 16;
    }

    /// <summary>Those that are not zero, by offset.</summary>
    public IReadOnlyDictionary<int, uint> Capture()
    {
        var values = new Dictionary<int, uint>();
        for (var i = 0; i < Words; i++)
        {
            if (_values[i] != 0)
                values.Add(4 * i, _values[i]);
        }
        return values;
    }

    public void Apply(IReadOnlyDictionary<int, uint> values)
    {
        Array.Clear(_values);
        foreach (var (offset, value) in values)
        {
            if (offset < 0 || !IsInside((ulong)offset) || offset % 4 != 0)
                continue;
            this[offset] = offset switch
            {
                >= FirstStatistic and <= LastStatistic => value,
                Causes or MaskSet => value & E1000Cause.All,
                BufferAllocation => value,
                EepromRead or Mdi => value,
                _ => value & WritableBits(offset),
            };
        }
    }
}
