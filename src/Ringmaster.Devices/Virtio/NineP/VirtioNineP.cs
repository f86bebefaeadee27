using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Ringmaster.Devices.State;
using Ringmaster.Devices.Virtio.Rings;

namespace Ringmaster.Devices.Virtio.NineP;

/// <summary>
/// A transport of 9P messages (Linux, include/uapi/linux/virtio_9p.h): a request and room for its answer in each chain. A server
/// carries requests out on a thread of its own, and their answers come back here with the machine's lock.
/// </summary>
public sealed class VirtioNineP : VirtioDevice
{
    /// <summary>Bytes of the longest tag.</summary>
    public const int LongestTag = 31;

    private const ulong MountTag = 1;
    private const int HeaderLength = 7, MessageKind = 4;
    private const byte Read = 116, ReadDirectory = 40;

    private readonly byte[] _tag;
    private readonly INinePServer _server;
    private readonly Action<Action> _post;
    private readonly ConcurrentQueue<(Pending Request, ReadOnlyMemory<byte> Answer)> _answers = new();
    private readonly Dictionary<ushort, Pending> _pending = [];
    private Dictionary<ushort, byte[]> _known = [];

    /// <summary>Creates the device.</summary>
    /// <param name="tag">By what the guest finds it: 1 to <see cref="LongestTag"/> bytes of UTF-8.</param>
    /// <param name="server">What carries requests out.</param>
    /// <param name="post">
    /// Has something done soon with the machine's lock held, and does not wait for it: it is called from the server's thread, which a
    /// save waits for with the lock held, and with the lock held.
    /// </param>
    public VirtioNineP(string tag, INinePServer server, Action<Action> post)
    {
        ArgumentNullException.ThrowIfNull(server);
        _tag = Encoding.UTF8.GetBytes(tag);
        if (_tag.Length is 0 or > LongestTag)
            throw new ArgumentException($"A tag has 1 to {LongestTag} bytes.", nameof(tag));
        (_server, _post) = (server, post);
    }

    /// <summary>What carries requests out.</summary>
    public INinePServer Server => _server;

    /// <inheritdoc/>
    public override VirtioType Type => VirtioType.NineP;

    /// <inheritdoc/>
    public override ulong Features => MountTag;

    /// <inheritdoc/>
    public override IReadOnlyList<int> QueueSizes { get; } = [128];

    /// <inheritdoc/>
    public override int ConfigLength => 2 + _tag.Length;

    /// <inheritdoc/>
    public override void ReadConfig(Span<byte> config)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(config, (ushort)_tag.Length);
        _tag.CopyTo(config[2..]);
    }

    /// <inheritdoc/>
    public override void Start() => Notified(Queue(0));

    /// <inheritdoc/>
    public override void Continue()
    {
        foreach (var chain in Queue(0).Retake())
        {
            if (!_known.Remove(chain.Id, out var answer))
            {
                Handle(chain);
                continue;
            }
            var pending = new Pending(chain, Kind: 0);
            _pending[chain.Id] = pending;
            _answers.Enqueue((pending, answer));
        }
        _known = [];
        if (!_answers.IsEmpty)
            _post(GiveAnswers);
    }

    /// <inheritdoc/>
    public override void Notified(VirtQueue queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        do
        {
            while (queue.Take() is { } chain)
                Handle(chain);
        }
        while (queue.AskForNotification(true));
        queue.Notify();
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        Forget();
        _server.Reset();
    }

    /// <inheritdoc/>
    public override JsonElement? Save()
    {
        var session = _server.Save();
        var answers = new Dictionary<ushort, byte[]>(_known);
        foreach (var (request, answer) in _answers)
        {
            if (IsPending(request) && request.Kind is not (Read or ReadDirectory))
                answers[request.Chain.Id] = answer.ToArray();
        }
        return JsonSerializer.SerializeToElement(new VirtioNinePState(session, answers), VirtioNinePStateJson.Default.VirtioNinePState);
    }

    /// <inheritdoc/>
    public override void Restore(JsonElement? state)
    {
        var saved = Read(state, VirtioNinePStateJson.Default.VirtioNinePState);
        if (saved.Session.Fids.Any(f => f?.Path is null) || saved.Answers.Values.Any(a => a is null))
            throw new SavedStateException("The saved state of a virtio NineP device has files without names or empty answers.");
        Forget();
        _known = saved.Answers;
        _server.Restore(saved.Session);
    }

    private void Forget()
    {
        _pending.Clear();
        _known = [];
        _answers.Clear();
    }

    private bool IsPending(Pending request) => _pending.TryGetValue(request.Chain.Id, out var known) && ReferenceEquals(known, request);

    /// <summary>Takes the message out of a chain and hands it to the server.</summary>
    private void Handle(DescriptorChain chain)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        if (!chain.Readable.TryRead(0, header) || BinaryPrimitives.ReadUInt32LittleEndian(header) is var size
            && (size < HeaderLength || size > (uint)_server.LongestMessage || size > chain.Readable.Length))
        {
            // Nobody could find an answer's request.
            Queue(0).Return(chain, 0);
            return;
        }
        var message = new byte[BinaryPrimitives.ReadUInt32LittleEndian(header)];
        if (!chain.Readable.TryRead(0, message))
        {
            Queue(0).Return(chain, 0);
            return;
        }
        // The guest may have changed it meanwhile.
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        var pending = new Pending(chain, message[MessageKind]);
        _pending[chain.Id] = pending;
        _server.Submit(new NinePRequest(message, (int)Math.Min(chain.Writable.Length, (ulong)_server.LongestMessage), answer =>
        {
            _answers.Enqueue((pending, answer));
            _post(GiveAnswers);
        }));
    }

    private void GiveAnswers()
    {
        var any = false;
        while (_answers.TryDequeue(out var done))
        {
            if (!IsPending(done.Request))
                continue;
            _pending.Remove(done.Request.Chain.Id);
            Answer(done.Request.Chain, done.Answer.Span);
            any = true;
        }
        if (any)
            Queue(0).Notify();
    }

    private void Answer(DescriptorChain chain, ReadOnlySpan<byte> answer) =>
        Queue(0).Return(chain, (ulong)answer.Length <= chain.Writable.Length && chain.Writable.TryWrite(0, answer) ? (uint)answer.Length : 0);

    private sealed record Pending(DescriptorChain Chain, byte Kind);
}
