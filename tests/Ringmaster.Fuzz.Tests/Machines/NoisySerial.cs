using Ringmaster.Devices;

namespace Ringmaster.Fuzz.Tests.Machines;

/// <summary>A terminal at which somebody types without end, from a thread of their own.</summary>
internal sealed class NoisySerial : ISerialBackend, IDisposable
{
    private readonly Thread _thread;
    private volatile SerialReceiver? _receiver;
    private volatile bool _stopped;

    public NoisySerial()
    {
        _thread = new Thread(Type) { IsBackground = true, Name = "fuzz-typist" };
        _thread.Start();
    }

    public void Transmit(byte value)
    {
    }

    public void Connect(SerialReceiver? receiver) => _receiver = receiver;

    public void ReceiverReady()
    {
    }

    public void Dispose()
    {
        _stopped = true;
        _thread.Join();
    }

    private void Type()
    {
        byte next = 0;
        while (!_stopped)
        {
            _receiver?.Invoke([next++, next++]);
            Thread.Sleep(0);
            if (next % 16 == 0)
                Thread.Sleep(1);
        }
    }
}
