using Ringmaster.Devices.Virtio.NineP;

namespace Ringmaster.Devices.Tests.Virtio;

/// <summary>A server that answers everything with its own bytes when the test says so, and knows one file for each message.</summary>
public sealed class WaitingNinePServer : INinePServer
{
    private readonly Queue<Action> _posted = [];

    public Queue<NinePRequest> Waiting { get; } = [];

    /// <summary>All that was ever submitted.</summary>
    public List<NinePRequest> Handled { get; } = [];

    public NinePSession Session { get; set; } = NinePSession.None;

    public int LongestMessage => 4096;

    /// <summary>For the device.</summary>
    public void Post(Action work) => _posted.Enqueue(work);

    public void Submit(NinePRequest request)
    {
        // What only reads may come twice.
        if (request.Message.Span[4] is not (116 or 40))
            Session = new NinePSession(4096, [.. Session.Fids.Take(3), new NinePFid((uint)Session.Fids.Length, [.. request.Message.Span[4..7]], null)]);
        Waiting.Enqueue(request);
        Handled.Add(request);
    }

    public void Reset() => Restore(NinePSession.None);

    public NinePSession Save()
    {
        Complete();
        return Session;
    }

    public void Restore(NinePSession session)
    {
        Session = session;
        Waiting.Clear();
    }

    public void Complete()
    {
        while (Waiting.TryDequeue(out var request))
        {
            var answer = request.Message.ToArray();
            answer[4]++;
            request.Completed(answer.AsMemory(0, Math.Min(answer.Length, request.Room)));
        }
    }

    /// <summary>Answers everything, and lets the device tell the guest.</summary>
    public void Finish()
    {
        Complete();
        while (_posted.TryDequeue(out var work))
            work();
    }
}
