using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Ringmaster.Lab;

/// <summary>The line to the agent in a lab host (Guest/agent says how they talk).</summary>
internal sealed class CommandChannel : IDisposable
{
    private const char RecordSeparator = '\x1E';
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200), s_silence = TimeSpan.FromSeconds(5);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly byte[] _bytes = new byte[4096];
    private readonly char[] _characters = new char[4096];

    /// <summary>Connects once the emulator listens.</summary>
    /// <param name="path">The socket.</param>
    /// <param name="mustGiveUp">Asked from time to time; throws if it must.</param>
    internal void Connect(string path, Action mustGiveUp)
    {
        while (true)
        {
            try
            {
                _socket.Connect(new UnixDomainSocketEndPoint(path));
                return;
            }
            catch (SocketException)
            {
                mustGiveUp();
                Thread.Sleep(20);
            }
        }
    }

    /// <summary>Sends a script.</summary>
    internal void Send(string script)
    {
        var line = Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(script)) + "\n");
        for (var sent = 0; sent < line.Length;)
            sent += _socket.Send(line.AsSpan(sent));
    }

    /// <summary>Waits for the end of the script.</summary>
    /// <param name="received">Told what the script writes, as it comes.</param>
    /// <param name="mustGiveUp">Asked from time to time; throws if it must.</param>
    /// <returns>The script's exit code.</returns>
    internal int Receive(Action<string> received, Action mustGiveUp)
    {
        while (true)
        {
            var text = Read(mustGiveUp);
            var end = text.IndexOf(RecordSeparator);
            var output = end < 0 ? text : text[..end];
            if (output.Length > 0)
                received(output);
            if (end < 0)
                continue;
            var code = text[(end + 1)..];
            while (!code.EndsWith('\n'))
                code += Read(mustGiveUp);
            return int.Parse(code, CultureInfo.InvariantCulture);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>
    /// Sends a space, which means nothing before a script. Now and then the emulator's local APIC has an interrupt of which its idle
    /// processor is not told, and both wait until there is another, such as this one of the serial port.
    /// </summary>
    private void Knock() => _socket.Send(" "u8);

    private string Read(Action mustGiveUp)
    {
        var heard = Stopwatch.GetTimestamp();
        while (!_socket.Poll(s_look, SelectMode.SelectRead))
        {
            mustGiveUp();
            if (Stopwatch.GetElapsedTime(heard) < s_silence)
                continue;
            Knock();
            heard = Stopwatch.GetTimestamp();
        }
        var length = _socket.Receive(_bytes);
        if (length == 0)
        {
            // The emulator has gone, which is a reason to give up once it has ended.
            Thread.Sleep(100);
            mustGiveUp();
        }
        return new string(_characters, 0, _decoder.GetChars(_bytes, 0, length, _characters, 0));
    }
}
