namespace Ringmaster.Devices.Network;

/// <summary>
/// What is left to do to a frame before it may go over a wire (virtio 1.2 section 5.1.6; the same as Linux's virtio_net_hdr).
/// </summary>
/// <param name="Segmentation">How the frame is to be cut into several.</param>
/// <param name="NeedsChecksum">
/// Whether the 16-bit ones' complement checksum from <paramref name="ChecksumStart"/> to the end is to be stored at
/// <paramref name="ChecksumStart"/> + <paramref name="ChecksumOffset"/>, where the pseudo header's sum is now.
/// </param>
/// <param name="IsChecked">On reception: the checksum has been found right, or does not matter.</param>
/// <param name="HeaderLength">Bytes of Ethernet, IP and TCP or UDP header, as a hint; 0 if it is not known.</param>
/// <param name="SegmentSize">Bytes of payload in each piece.</param>
/// <param name="ChecksumStart">Offset in the frame.</param>
/// <param name="ChecksumOffset">Offset from <paramref name="ChecksumStart"/>.</param>
public readonly record struct FrameOffload(
    FrameSegmentation Segmentation, bool NeedsChecksum, bool IsChecked, ushort HeaderLength, ushort SegmentSize, ushort ChecksumStart, ushort ChecksumOffset)
{
    /// <summary>Nothing is left to do.</summary>
    public static FrameOffload None => default;

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsNone => Segmentation == FrameSegmentation.None && !NeedsChecksum;
}
