namespace Ringmaster.Devices.Network.E1000;

/// <summary>Offsets of registers (Software Developer's Manual section 13.4).</summary>
internal static class E1000Register
{
    public const int Control = 0x0000, ControlShadow = 0x0004, Status = 0x0008, EepromControl = 0x0010, EepromRead = 0x0014, ControlExtended = 0x0018,
        FlashAccess = 0x001C, Mdi = 0x0020, FlowAddressLow = 0x0028, FlowAddressHigh = 0x002C, FlowType = 0x0030, VlanType = 0x0038;

    public const int Causes = 0x00C0, Throttle = 0x00C4, CauseSet = 0x00C8, MaskSet = 0x00D0, MaskClear = 0x00D8;

    public const int ReceiveControl = 0x0100, FlowTime = 0x0170, TransmitConfiguration = 0x0178, ReceiveConfiguration = 0x0180, TransmitControl = 0x0400,
        InterPacketGap = 0x0410, AdaptiveSpacing = 0x0458, Leds = 0x0E00, BufferAllocation = 0x1000, FlowLow = 0x2160, FlowHigh = 0x2168;

    public const int ReceiveBaseLow = 0x2800, ReceiveBaseHigh = 0x2804, ReceiveLength = 0x2808, ReceiveHead = 0x2810, ReceiveTail = 0x2818,
        ReceiveDelay = 0x2820, ReceiveThresholds = 0x2828, ReceiveAbsoluteDelay = 0x282C, SmallPacket = 0x2C00;

    public const int TransmitDmaControl = 0x3000, TransmitBaseLow = 0x3800, TransmitBaseHigh = 0x3804, TransmitLength = 0x3808, TransmitHead = 0x3810,
        TransmitTail = 0x3818, TransmitDelay = 0x3820, TransmitThresholds = 0x3828, TransmitAbsoluteDelay = 0x382C, SegmentationPadding = 0x3830;

    public const int ReceiveChecksum = 0x5000, MulticastTable = 0x5200, Addresses = 0x5400, VlanTable = 0x5600, WakeControl = 0x5800, WakeFilter = 0x5808,
        WakeStatus = 0x5810, Management = 0x5820, AddressValid = 0x5838;

    /// <summary>Statistics (section 13.7).</summary>
    public const int FirstStatistic = 0x4000, LastStatistic = 0x40FC, MissedPackets = 0x4010, FramesReceivedBySize = 0x405C, GoodReceived = 0x4074,
        BroadcastReceived = 0x4078, MulticastReceived = 0x407C, GoodTransmitted = 0x4080, GoodBytesReceived = 0x4088, GoodBytesTransmitted = 0x4090,
        NoBuffers = 0x40A0, Oversize = 0x40AC, BytesReceived = 0x40C0, BytesTransmitted = 0x40C8, TotalReceived = 0x40D0, TotalTransmitted = 0x40D4,
        FramesTransmittedBySize = 0x40D8, MulticastTransmitted = 0x40F0, BroadcastTransmitted = 0x40F4, Segmentations = 0x40F8;

    /// <summary>Words of the multicast and of the VLAN table.</summary>
    public const int TableWords = 128;

    /// <summary>Addresses that are compared exactly.</summary>
    public const int AddressCount = 16;
}
