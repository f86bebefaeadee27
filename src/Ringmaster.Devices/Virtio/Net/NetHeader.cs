using System.Buffers.Binary;
using Ringmaster.Devices.Network;

namespace Ringmaster.Devices.Virtio.Net;

/// <summary>The header in front of each frame in a queue (virtio 1.2 section 5.1.6).</summary>
internal static class NetHeader
{
    /// <summary>Bytes of the longest form.</summary>
    public const int Longest = 20;

    private const byte NeedsChecksum = 1, IsChecked = 2;
    private const int Segmentation = 1, HeaderLength = 2, SegmentSize = 4, ChecksumStart = 6, ChecksumOffset = 8, Buffers = 10, Hash = 12, HashReport = 16;

    /// <summary>Bytes of the form that was agreed on: a legacy driver's lacks the number of buffers if there is always one.</summary>
    public static int LengthFor(ulong agreed) =>
        (agreed & NetFeature.HashReport) != 0 ? Longest
        : (agreed & (VirtioFeature.Version1 | NetFeature.MergeableBuffers)) != 0 ? 12 : 10;

    /// <summary>Reads what the driver wants done to a frame.</summary>
    /// <param name="header">The header.</param>
    /// <param name="frameLength">Bytes of the frame behind it.</param>
    /// <param name="agreed">The features.</param>
    /// <param name="offload">The same in general terms.</param>
    /// <returns>False if it is nothing that was agreed on, or makes no sense.</returns>
    public static bool TryRead(ReadOnlySpan<byte> header, int frameLength, ulong agreed, out FrameOffload offload)
    {
        var kind = (FrameSegmentation)header[Segmentation];
        var needsChecksum = (header[0] & NeedsChecksum) != 0;
        var (start, offset) = (Word(header, ChecksumStart), Word(header, ChecksumOffset));
        var (size, length) = (Word(header, SegmentSize), Word(header, HeaderLength));
        var isCut = kind != FrameSegmentation.None;
        offload = new FrameOffload(kind, needsChecksum, IsChecked: false, isCut && length <= frameLength ? length : (ushort)0,
            isCut ? size : (ushort)0, needsChecksum ? start : (ushort)0, needsChecksum ? offset : (ushort)0);
        if (needsChecksum && ((agreed & NetFeature.Checksum) == 0 || start + offset + 2 > frameLength))
            return false;
        // Pieces need checksums of their own (section 5.1.6.2.1).
        return !isCut || (needsChecksum && size != 0 && IsAgreed(kind, agreed));
    }

    /// <summary>Writes what has been done to a frame that was received.</summary>
    /// <param name="header">As long as was agreed on; zeros.</param>
    /// <param name="offload">What is left to do, all of which the driver takes.</param>
    /// <param name="mayBeChecked">Whether the driver believes the device about checksums.</param>
    public static void Write(Span<byte> header, in FrameOffload offload, bool mayBeChecked)
    {
        if (offload.NeedsChecksum)
        {
            header[0] = NeedsChecksum;
            SetWord(header, ChecksumStart, offload.ChecksumStart);
            SetWord(header, ChecksumOffset, offload.ChecksumOffset);
        }
        else if (offload.IsChecked && mayBeChecked)
        {
            header[0] = IsChecked;
        }
        if (offload.Segmentation == FrameSegmentation.None)
            return;
        header[Segmentation] = (byte)offload.Segmentation;
        SetWord(header, HeaderLength, offload.HeaderLength);
        SetWord(header, SegmentSize, offload.SegmentSize);
    }

    /// <summary>Writes into how many buffers the frame goes, if the header has a place for it.</summary>
    public static void WriteBuffers(Span<byte> header, int count)
    {
        if (header.Length > Buffers)
            SetWord(header, Buffers, (ushort)count);
    }

    /// <summary>Writes the frame's hash, if the header has a place for it (section 5.1.6.4.4).</summary>
    public static void WriteHash(Span<byte> header, uint hash, ushort report)
    {
        if (header.Length < Longest)
            return;
        BinaryPrimitives.WriteUInt32LittleEndian(header[Hash..], hash);
        SetWord(header, HashReport, report);
    }

    private static bool IsAgreed(FrameSegmentation kind, ulong agreed)
    {
        var needed = (kind & ~FrameSegmentation.Ecn) switch
        {
            FrameSegmentation.Tcp4 => NetFeature.HostTso4,
            FrameSegmentation.Tcp6 => NetFeature.HostTso6,
            FrameSegmentation.Udp when kind == FrameSegmentation.Udp => NetFeature.HostUso,
            _ => 0UL,
        };
        if ((kind & FrameSegmentation.Ecn) != 0 && (agreed & NetFeature.HostEcn) == 0)
            return false;
        return (agreed & needed) != 0;
    }

    private static ushort Word(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadUInt16LittleEndian(header[at..]);

    private static void SetWord(Span<byte> header, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(header[at..], value);
}
