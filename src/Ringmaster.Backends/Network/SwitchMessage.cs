using Ringmaster.Devices.Network;

namespace Ringmaster.Backends.Network;

/// <summary>
/// A datagram between members of a switch: "RMS1", the kind, a zero, the sender's address (6 bytes), what is left to do to
/// the frame (<see cref="OffloadHeader"/>), and the frame.
/// </summary>
internal static class SwitchMessage
{
    internal const int HeaderSize = 22;

    /// <summary>Longest whole message.</summary>
    internal const int Longest = HeaderSize + FrameFinisher.LongestFrame;

    private const int ShortestFrame = 14, KindAt = 4, SenderAt = 6, OffloadAt = 12;

    private static ReadOnlySpan<byte> Magic => "RMS1"u8;

    internal static void WriteHeader(Span<byte> header, SwitchMessageKind kind, MacAddress sender, in FrameOffload offload)
    {
        Magic.CopyTo(header);
        header[KindAt] = (byte)kind;
        header[KindAt + 1] = 0;
        sender.Write(header[SenderAt..]);
        OffloadHeader.Write(header[OffloadAt..], offload);
    }

    /// <summary>Takes a message apart.</summary>
    /// <returns>False if it is none.</returns>
    internal static bool TryRead(
        ReadOnlySpan<byte> message, out SwitchMessageKind kind, out MacAddress sender, out FrameOffload offload, out ReadOnlySpan<byte> frame)
    {
        (kind, sender, offload) = (default, default, default);
        frame = default;
        if (message.Length is < HeaderSize or > Longest || !message.StartsWith(Magic))
            return false;
        kind = (SwitchMessageKind)message[KindAt];
        sender = MacAddress.Read(message[SenderAt..]);
        offload = OffloadHeader.Read(message[OffloadAt..]);
        frame = message[HeaderSize..];
        return kind == SwitchMessageKind.Frame ? frame.Length >= ShortestFrame : kind is SwitchMessageKind.Hello or SwitchMessageKind.Bye;
    }
}
