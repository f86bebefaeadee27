using System.Buffers.Binary;
using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Network;

/// <summary>
/// What is left to do to a frame as the ten bytes before it (virtio 1.2 section 5.1.6, struct virtio_net_hdr without num_buffers;
/// Linux' TAP interfaces use the same), all numbers with the least significant byte first.
/// </summary>
internal static class OffloadHeader
{
    internal const int Size = 10;

    private const byte NeedsChecksum = 1, IsChecked = 2;

    internal static void Write(Span<byte> header, in FrameOffload offload)
    {
        header[0] = (byte)((offload.NeedsChecksum ? NeedsChecksum : 0) | (offload.IsChecked ? IsChecked : 0));
        header[1] = (byte)offload.Segmentation;
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], offload.HeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], offload.SegmentSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], offload.ChecksumStart);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], offload.ChecksumOffset);
    }

    internal static FrameOffload Read(ReadOnlySpan<byte> header) => new(
        (FrameSegmentation)header[1],
        (header[0] & NeedsChecksum) != 0,
        (header[0] & IsChecked) != 0,
        BinaryPrimitives.ReadUInt16LittleEndian(header[2..]),
        BinaryPrimitives.ReadUInt16LittleEndian(header[4..]),
        BinaryPrimitives.ReadUInt16LittleEndian(header[6..]),
        BinaryPrimitives.ReadUInt16LittleEndian(header[8..]));
}
