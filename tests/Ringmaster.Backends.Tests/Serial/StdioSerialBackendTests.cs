using System.IO.Pipes;
using Ringmaster.Backends.Serial;
using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Tests.Serial;

public sealed class StdioSerialBackendTests : IDisposable
{
    private readonly AnonymousPipeServerStream _keyboard = new(PipeDirection.Out);
    private readonly AnonymousPipeServerStream _screen = new(PipeDirection.In);

    [Fact]
    public void Bytes_that_the_device_did_not_take_are_offered_again_in_order()
    {
        using var backend = Open(null);
        var device = new Receiver(room: 2);
        backend.Connect(device.Take);
        _keyboard.Write("hello"u8);
        Wait.Until(() => device.Text == "he");

        device.MakeRoom(2);
        backend.ReceiverReady();
        Wait.Until(() => device.Text == "hell");
        device.MakeRoom(10);
        backend.ReceiverReady();

        Wait.Until(() => device.Text == "hello");
    }

    [Fact]
    public void Bytes_that_came_before_the_device_was_connected_are_kept()
    {
        using var backend = Open(null);
        var device = new Receiver();
        _keyboard.Write("early"u8);

        backend.Connect(device.Take);

        Wait.Until(() => device.Text == "early");
    }

    [Fact]
    public void The_end_of_the_input_does_not_end_the_output()
    {
        var backend = Open(null);
        _keyboard.Dispose();
        foreach (var value in "still here"u8)
            backend.Transmit(value);

        backend.Dispose();

        var buffer = new byte[100];
        Assert.Equal("still here", System.Text.Encoding.ASCII.GetString(buffer, 0, _screen.Read(buffer)));
    }

    [Fact]
    public void A_reader_that_goes_away_is_no_error()
    {
        var backend = Open(null);
        _screen.Dispose();
        for (var i = 0; i < 100_000; i++)
            backend.Transmit((byte)'x');

        backend.Dispose();

        Assert.Equal(0, backend.Dropped);
    }

    [Fact]
    public void The_escape_key_is_an_ordinary_byte_when_nobody_takes_commands()
    {
        using var backend = Open(null);
        var device = new Receiver();
        backend.Connect(device.Take);

        _keyboard.Write("\u0001x"u8);

        Wait.Until(() => device.Text == "\u0001x");
    }

    [Fact]
    public void Commands_arrive_although_the_guest_reads_nothing()
    {
        var commands = new List<ConsoleCommand>();
        using var backend = Open(commands.Add);
        backend.Connect(new Receiver(room: 0).Take);
        _keyboard.Write("keys that nobody takes"u8);
        _keyboard.Flush();

        _keyboard.Write("\u0001x"u8);

        Wait.Until(() => commands.Contains(ConsoleCommand.Leave));
    }

    public void Dispose()
    {
        _keyboard.Dispose();
        _screen.Dispose();
    }

    private StdioSerialBackend Open(Action<ConsoleCommand>? command)
    {
        // The back end gets the pipes' other ends for itself, as a process gets its standard streams.
        var input = Detach(_keyboard);
        var output = Detach(_screen);
        return new StdioSerialBackend(input, output, command);
    }

    private static FileDescriptor Detach(AnonymousPipeServerStream pipe)
    {
        var descriptor = new FileDescriptor((int)pipe.ClientSafePipeHandle.DangerousGetHandle(), owned: true);
        pipe.ClientSafePipeHandle.SetHandleAsInvalid();
        return descriptor;
    }
}
