using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Sharing;

/// <summary>Messages about what a file is.</summary>
internal sealed partial class SharedFolder
{
    private const uint FileSystemType = 0x0102_1997;
    private const ulong BasicAttributes = 0x7FF;

    [Flags]
    private enum Changed : uint
    {
        Mode = 1,
        User = 2,
        Group = 4,
        Size = 8,
        Accessed = 0x10,
        Modified = 0x20,
        AccessedTime = 0x80,
        ModifiedTime = 0x100,
    }

    private int GetAttributes(ref MessageReader reader, MessageWriter writer)
    {
        var error = Known(ref reader, out var fid);
        reader.UInt64();
        if (reader.IsMalformed || error != HostError.None)
            return reader.IsMalformed ? HostError.Protocol : error;
        error = fid.Node!.GetStatus(out var status);
        if (error != HostError.None)
            return error;
        writer.UInt64(BasicAttributes);
        writer.Qid(status, _device);
        writer.UInt32(status.Mode);
        writer.UInt32(status.User);
        writer.UInt32(status.Group);
        writer.UInt64(status.Links);
        writer.UInt64(status.OwnDevice);
        writer.UInt64(status.Size);
        writer.UInt64(status.BlockSize);
        writer.UInt64(status.Blocks);
        foreach (var (seconds, nanoseconds) in (ReadOnlySpan<(long, uint)>)[status.Accessed, status.Modified, status.Changed])
        {
            writer.UInt64((ulong)seconds);
            writer.UInt64(nanoseconds);
        }
        // Time of birth, generation and version are not told.
        writer.Reserve(32).Clear();
        return HostError.None;
    }

    private int SetAttributes(ref MessageReader reader)
    {
        var error = Known(ref reader, out var fid);
        var what = (Changed)reader.UInt32();
        var (mode, user, group) = (reader.UInt32(), reader.UInt32(), reader.UInt32());
        var size = reader.UInt64();
        var accessed = (reader.UInt64(), reader.UInt64());
        var modified = (reader.UInt64(), reader.UInt64());
        if (Refusal(error, reader) is not HostError.None and var refusal)
            return refusal;
        var node = fid.Node!;
        if (what.HasFlag(Changed.Mode))
            error = node.SetMode(mode);
        if (error == HostError.None && (what & (Changed.User | Changed.Group)) != 0)
            error = node.SetOwner(what.HasFlag(Changed.User) ? user : uint.MaxValue, what.HasFlag(Changed.Group) ? group : uint.MaxValue);
        if (error == HostError.None && what.HasFlag(Changed.Size))
            error = node.SetSize(size);
        if (error == HostError.None && (what & (Changed.Accessed | Changed.Modified)) != 0)
            error = node.SetTimes(Time(Changed.Accessed, Changed.AccessedTime, accessed), Time(Changed.Modified, Changed.ModifiedTime, modified));
        return error;

        (ulong, ulong)? Time(Changed flag, Changed isGiven, (ulong, ulong) time) =>
            !what.HasFlag(flag) ? null : what.HasFlag(isGiven) ? (time.Item1, Math.Min(time.Item2, 999_999_999)) : (0, ulong.MaxValue);
    }

    private int StatFs(ref MessageReader reader, MessageWriter writer)
    {
        var error = Known(ref reader, out var fid);
        if (error != HostError.None)
            return error;
        error = fid.Node!.GetFileSystem(out var status);
        if (error != HostError.None)
            return error;
        writer.UInt32(FileSystemType);
        writer.UInt32(status.BlockSize);
        writer.UInt64(status.Blocks);
        writer.UInt64(status.Free);
        writer.UInt64(status.Available);
        writer.UInt64(status.Files);
        writer.UInt64(status.FreeFiles);
        writer.UInt64(status.Id);
        writer.UInt32(status.LongestName);
        return HostError.None;
    }

    private int ReadLink(ref MessageReader reader, MessageWriter writer)
    {
        var error = Known(ref reader, out var fid);
        if (error != HostError.None)
            return error;
        Span<byte> target = stackalloc byte[Fid.LongestPath];
        error = fid.Node!.ReadLink(target, out var length);
        if (error == HostError.None)
            writer.Text(target[..length]);
        return error;
    }
}
