using System.Text;
using Ringmaster.Devices.Network;
using Ringmaster.Host.Files;
using Ringmaster.Host.Network;
using Ringmaster.Host.Processes;

namespace Ringmaster.Backends.Network;

/// <summary>
/// A running passt and the connection to it. It ends when the connection does, so it never outlives this program, however that
/// ends.
/// </summary>
internal sealed class PasstProcess : IDisposable
{
    private const int MostErrors = 4096;
    private const int LongestStart = 10_000;
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(1);

    private readonly ChildProcess _child;
    private readonly byte[] _errors = new byte[MostErrors];
    private int _errorCount;

    private PasstProcess(ChildProcess child, LocalSocket socket)
    {
        _child = child;
        Socket = socket;
    }

    /// <summary>The connection.</summary>
    internal LocalSocket Socket { get; }

    /// <summary>What passt writes to standard error, to be waited for and then <see cref="TakeErrors"/>.</summary>
    internal FileDescriptor Errors => _child.Errors;

    /// <summary>Starts passt and waits until it answers.</summary>
    /// <param name="program">The program's name or path.</param>
    /// <param name="options">What it is to do.</param>
    /// <exception cref="IOException">It is missing or does not start; the message says why and what to do.</exception>
    internal static PasstProcess Start(string program, UserNetworkOptions options)
    {
        var (ours, theirs) = LocalSocket.CreateStreamPair();
        PasstProcess? started = null;
        try
        {
            using (theirs)
            {
                var child = ChildProcess.Start(program, PasstCommand.Arguments(options, ChildProcess.SharedNumber), theirs)
                    ?? throw new IOException(PasstCommand.Missing);
                started = new PasstProcess(child, ours);
            }
            started.WaitForAnswer(options.Guest);
            return started;
        }
        catch
        {
            started?.Dispose();
            ours.Dispose();
            throw;
        }
    }

    /// <summary>Why there is no passt any more, and what to do if that is known.</summary>
    internal string Obituary(string what)
    {
        _child.WaitForExit(LongestEnd);
        TakeErrors();
        var complaints = PasstCommand.Complaints(Encoding.UTF8.GetString(_errors, 0, _errorCount));
        var reason = complaints.Length > 0 ? $": {complaints}" : "";
        return $"{what} ({_child.Ending ?? "it does not answer"}){reason}. {PasstCommand.Remedy(complaints)}".TrimEnd();
    }

    /// <summary>Takes what was written to standard error. The first lines are kept, which say what went wrong.</summary>
    /// <returns>False when nothing more can come.</returns>
    internal bool TakeErrors()
    {
        Span<byte> overflow = stackalloc byte[512];
        while (true)
        {
            var room = _errorCount < _errors.Length ? _errors.AsSpan(_errorCount) : overflow;
            var outcome = _child.Errors.TryRead(room, out var count);
            if (outcome != Transfer.Done)
                return outcome == Transfer.Busy;
            if (_errorCount < _errors.Length)
                _errorCount += count;
        }
    }

    public void Dispose()
    {
        Socket.Dispose();
        _child.WaitForExit(LongestEnd);
        _child.Dispose();
    }

    /// <summary>passt answers once it has set up everything, ports included. What it answers is not for the guest.</summary>
    private void WaitForAnswer(MacAddress guest)
    {
        foreach (var question in (byte[][])[PasstQuestions.Arp(guest), PasstQuestions.RouterSolicitation(guest)])
        {
            Span<byte> prefix = [0, 0, 0, (byte)question.Length];
            if (Socket.TrySend(prefix, question, out _) != Transfer.Done)
                throw new IOException(Obituary("passt could not start"));
        }
        var set = new PollSet();
        var reader = new FrameStreamReader();
        var deadline = Environment.TickCount64 + LongestStart;
        while (!reader.TryPeek(out _))
        {
            set.Clear();
            var socket = set.Add(Socket, readable: true);
            set.Wait((int)Math.Max(0, deadline - Environment.TickCount64));
            var isOver = Environment.TickCount64 >= deadline && !set.IsReadable(socket);
            var outcome = isOver ? Transfer.Broken : Socket.TryReceive(reader.Room, out var count) is var got && got == Transfer.Done ? Received(count) : got;
            if (outcome == Transfer.Broken || reader.IsBroken)
                throw new IOException(Obituary("passt could not start"));
        }

        Transfer Received(int count)
        {
            reader.Advance(count);
            return Transfer.Done;
        }
    }
}
