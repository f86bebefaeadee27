namespace Ringmaster.Devices.Network.E1000;

/// <summary>Interrupt causes (Software Developer's Manual section 13.4.17).</summary>
internal static class E1000Cause
{
    public const uint TransmitWrittenBack = 1 << 0, TransmitQueueEmpty = 1 << 1, LinkChanged = 1 << 2, ReceiveLow = 1 << 4, ReceiveOverrun = 1 << 6,
        Received = 1 << 7, MdiDone = 1 << 9, TransmitLow = 1 << 15, SmallPacket = 1 << 16;

    /// <summary>All that there are.</summary>
    public const uint All = 0x1_FEDF;
}
