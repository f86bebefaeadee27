using System.Buffers.Binary;
using Ringmaster.Devices.Virtio.NineP;
using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Sharing;

/// <summary>
/// A directory of the host's as a 9P2000.L server shows it to one guest: answers one message after the other. A file is reached
/// from the shared directory name by name, through handles that follow no links and lead nowhere upwards, so that neither names nor
/// links nor what others do meanwhile get the guest outside.
/// </summary>
internal sealed partial class SharedFolder : IDisposable
{
    /// <summary>Bytes of the longest message.</summary>
    public const int LongestMessage = 512 * 1024;

    /// <summary>The most handles of a guest; each takes one of the host's descriptors or two.</summary>
    public const int MostFids = 16384;

    private const int ShortestMessage = 512, HeaderLength = 7;
    private const uint NoFid = uint.MaxValue;

    private readonly FileNode _root;
    private readonly bool _isReadOnly;
    private readonly ulong _device;
    private readonly Dictionary<uint, Fid> _fids = [];
    private int _messageSize;

    /// <summary>Opens the directory.</summary>
    /// <exception cref="IOException">It is not there, or may not be read.</exception>
    public SharedFolder(string directory, bool isReadOnly)
    {
        (_root, _isReadOnly) = (FileNode.OpenDirectory(directory), isReadOnly);
        if (_root.GetStatus(out var status) != HostError.None || _root.Copy(out var copy) != HostError.None)
        {
            _root.Dispose();
            throw new IOException($"{directory} cannot be shared: /proc/self/fd is not there. Mount /proc.");
        }
        copy!.Dispose();
        _device = status.Device;
    }

    /// <summary>Handles that the guest has.</summary>
    public int FidCount => _fids.Count;

    /// <summary>Answers a message.</summary>
    /// <param name="message">The message with its header, whatever it holds.</param>
    /// <param name="room">The answer's most bytes.</param>
    /// <returns>The answer; empty if there is no room for one.</returns>
    public ReadOnlyMemory<byte> Answer(ReadOnlySpan<byte> message, int room)
    {
        var reader = new MessageReader(message);
        reader.UInt32();
        var (kind, tag) = (reader.Byte(), reader.UInt16());
        if (reader.IsMalformed)
            return default;
        var limit = _messageSize == 0 || kind == (byte)MessageKind.Version ? LongestMessage : _messageSize;
        var writer = new MessageWriter(Math.Min(room, limit));
        var error = writer.Room < 4 ? HostError.Protocol : Dispatch((MessageKind)kind, ref reader, writer);
        if (error == HostError.None && writer.IsOverfull)
            error = HostError.Protocol;
        return error == HostError.None ? writer.Finish((byte)(kind + 1), tag) : writer.Fail(error, tag);
    }

    /// <summary>Forgets the guest.</summary>
    public void Reset()
    {
        foreach (var fid in _fids.Values)
            fid.Dispose();
        _fids.Clear();
        _messageSize = 0;
    }

    /// <summary>What the guest has open.</summary>
    public NinePSession Save() =>
        new(_messageSize, [.. _fids.OrderBy(f => f.Key).Select(f => new NinePFid(f.Key, f.Value.Path, f.Value.Open is null ? null : f.Value.Flags & OpenFile.AccessMask))]);

    /// <summary>Opens what another one had open.</summary>
    public void Restore(NinePSession session)
    {
        Reset();
        _messageSize = session.MessageSize == 0 ? 0 : Math.Clamp(session.MessageSize, ShortestMessage, LongestMessage);
        foreach (var saved in session.Fids.Take(MostFids))
        {
            var path = saved.Path.Length <= Fid.LongestPath ? saved.Path : [];
            var fid = new Fid(FindPath(path, out var node) == HostError.None ? node : null, path);
            if (!_fids.TryAdd(saved.Number, fid))
            {
                fid.Dispose();
                continue;
            }
            // What cannot be opened any more is not open to the guest either, and its use fails.
            if (saved.OpenFlags is { } flags && fid.Node is not null)
                OpenNode(fid, flags & OpenFile.AccessMask);
        }
    }

    public void Dispose()
    {
        Reset();
        _root.Dispose();
    }

    private int Dispatch(MessageKind kind, ref MessageReader reader, MessageWriter writer)
    {
        if (kind == MessageKind.Version)
            return Version(ref reader, writer);
        return _messageSize == 0 ? HostError.Protocol : kind switch
        {
            MessageKind.Attach => Attach(ref reader, writer),
            MessageKind.Walk => Walk(ref reader, writer),
            MessageKind.Clunk => Clunk(ref reader),
            MessageKind.Flush => HostError.None,
            MessageKind.Open => Open(ref reader, writer),
            MessageKind.Create => Create(ref reader, writer),
            MessageKind.Read => Read(ref reader, writer),
            MessageKind.Write => Write(ref reader, writer),
            MessageKind.ReadDirectory => ReadDirectory(ref reader, writer),
            MessageKind.Sync => Sync(ref reader),
            MessageKind.GetAttributes => GetAttributes(ref reader, writer),
            MessageKind.SetAttributes => SetAttributes(ref reader),
            MessageKind.StatFs => StatFs(ref reader, writer),
            MessageKind.ReadLink => ReadLink(ref reader, writer),
            MessageKind.MakeDirectory => MakeDirectory(ref reader, writer),
            MessageKind.MakeNode => MakeNode(ref reader, writer),
            MessageKind.Symlink => Symlink(ref reader, writer),
            MessageKind.Link => Link(ref reader),
            MessageKind.RemoveAt => RemoveAt(ref reader),
            MessageKind.Remove => Remove(ref reader),
            MessageKind.RenameAt => RenameAt(ref reader),
            MessageKind.Rename => Rename(ref reader),
            MessageKind.Lock => Lock(ref reader, writer),
            MessageKind.GetLock => GetLock(ref reader, writer),
            _ => HostError.NotSupported,
        };
    }

    private int Version(ref MessageReader reader, MessageWriter writer)
    {
        var size = reader.UInt32();
        var version = reader.Text();
        if (reader.IsMalformed || size < ShortestMessage)
            return HostError.Protocol;
        Reset();
        var isKnown = version.SequenceEqual("9P2000.L"u8);
        var agreed = (int)Math.Min(size, LongestMessage);
        _messageSize = isKnown ? agreed : 0;
        writer.UInt32((uint)agreed);
        writer.Text(isKnown ? "9P2000.L"u8 : "unknown"u8);
        return HostError.None;
    }

    /// <summary>The file of a handle that the message names next.</summary>
    private int Known(ref MessageReader reader, out Fid fid)
    {
        var isThere = _fids.TryGetValue(reader.UInt32(), out fid!);
        return reader.IsMalformed ? HostError.Protocol : !isThere ? HostError.BadDescriptor : fid.Node is null ? HostError.Stale : HostError.None;
    }

    private int Add(uint number, Fid fid)
    {
        var error = _fids.Count >= MostFids ? HostError.TooManyFiles : number == NoFid ? HostError.Invalid : HostError.None;
        if (error == HostError.None && !_fids.TryAdd(number, fid))
            error = HostError.BadDescriptor;
        if (error != HostError.None)
            fid.Dispose();
        return error;
    }

    /// <summary>Tells the guest what a file is.</summary>
    private int WriteQid(FileNode node, MessageWriter writer)
    {
        var error = node.GetStatus(out var status);
        if (error == HostError.None)
            writer.Qid(status, _device);
        return error;
    }
}
