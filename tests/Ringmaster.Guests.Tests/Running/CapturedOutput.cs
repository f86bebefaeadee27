using System.Diagnostics;
using System.Text;
using Ringmaster.Devices;

namespace Ringmaster.Guests.Tests.Running;

/// <summary>Keeps what a guest writes to a serial port or a debug console.</summary>
internal sealed class CapturedOutput : ISerialBackend
{
    private readonly StringBuilder _text = new();

    /// <summary>All so far.</summary>
    public string Text
    {
        get
        {
            lock (_text)
                return _text.ToString();
        }
    }

    public void Transmit(byte value)
    {
        lock (_text)
            _text.Append((char)value);
    }

    public void Connect(SerialReceiver? receiver)
    {
    }

    public void ReceiverReady()
    {
    }

    /// <summary>Waits until the output satisfies a condition.</summary>
    /// <returns>Whether it did within the time.</returns>
    public bool WaitUntil(Func<string, bool> condition, TimeSpan patience)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition(Text))
        {
            if (Stopwatch.GetElapsedTime(start) > patience)
                return false;
            Thread.Sleep(100);
        }
        return true;
    }
}
