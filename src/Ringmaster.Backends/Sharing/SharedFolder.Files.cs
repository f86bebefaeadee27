using System.Buffers.Binary;
using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Sharing;

/// <summary>Messages that open files and move their content.</summary>
internal sealed partial class SharedFolder
{
    private const int CountLength = 4;

    private int Open(ref MessageReader reader, MessageWriter writer)
    {
        var error = Known(ref reader, out var fid);
        var flags = (int)reader.UInt32();
        if (reader.IsMalformed || error != HostError.None)
            return reader.IsMalformed ? HostError.Protocol : error;
        if (fid.Open is not null)
            return HostError.BadDescriptor;
        if (_isReadOnly && Changes(flags))
            return HostError.ReadOnly;
        error = OpenNode(fid, flags);
        return error != HostError.None ? error : WriteOpened(fid, writer);
    }

    private int Create(ref MessageReader reader, MessageWriter writer)
    {
        var error = Known(ref reader, out var fid);
        var name = reader.Text();
        var (flags, mode) = ((int)reader.UInt32(), reader.UInt32());
        var group = reader.UInt32();
        if (Refusal(error, reader) is not HostError.None and var refusal)
            return refusal;
        if (fid.Open is not null)
            return HostError.BadDescriptor;
        if (Fid.Join(fid.Path, name) is not { } path)
            return HostError.NameTooLong;
        error = fid.Node!.Create(name, flags, mode, out var file);
        FileNode? node;
        if (error == HostError.None)
        {
            // What it has open is what was made, whatever has become of the name, and whatever its permissions are.
            error = FileNode.Of(file!, out node);
            if (error == HostError.None)
                GiveTo(node!, group);
        }
        else
        {
            if (error != HostError.Exists || (flags & OpenFile.Exclusive) != 0)
                return error;
            error = fid.Node.Find(name, out node);
            if (error == HostError.None)
                error = node!.Open(flags, out file);
        }
        if (error == HostError.None)
            error = WriteQid(node!, writer);
        if (error != HostError.None)
        {
            node?.Dispose();
            file?.Dispose();
            return error;
        }
        // As much as a message holds.
        writer.UInt32(0);
        var made = new Fid(node, path);
        made.SetOpen(file!, flags, node!.GetStatus(out var status) == HostError.None && status.IsDirectory);
        var number = _fids.First(f => f.Value == fid).Key;
        fid.Dispose();
        _fids[number] = made;
        return HostError.None;
    }

    private int Read(ref MessageReader reader, MessageWriter writer)
    {
        var error = Opened(ref reader, wantsDirectory: false, out var fid);
        var (offset, count) = (reader.UInt64(), reader.UInt32());
        if (reader.IsMalformed || error != HostError.None)
            return reader.IsMalformed ? HostError.Protocol : error;
        if (writer.Room < CountLength)
            return HostError.Protocol;
        count = Math.Min(count, (uint)(writer.Room - CountLength));
        writer.Prepare(CountLength + (int)count);
        var length = writer.Reserve(CountLength);
        var room = writer.Reserve((int)count);
        error = fid.Open!.Read(offset, room, out var read);
        BinaryPrimitives.WriteInt32LittleEndian(length, read);
        writer.Shorten(room.Length - read);
        return error;
    }

    private int Write(ref MessageReader reader, MessageWriter writer)
    {
        var error = Opened(ref reader, wantsDirectory: false, out var fid);
        var offset = reader.UInt64();
        var data = reader.Take(reader.UInt32());
        if (Refusal(error, reader) is not HostError.None and var refusal)
            return refusal;
        error = fid.Open!.Write(offset, data, out var written);
        writer.UInt32((uint)written);
        return error;
    }

    /// <summary>Gives entries from the host's own list (struct linux_dirent64), with what the guest needs to go on behind each.</summary>
    private int ReadDirectory(ref MessageReader reader, MessageWriter writer)
    {
        const int numberAt = 0, offsetAt = 8, lengthAt = 16, kindAt = 18, nameAt = 19, fixedLength = 13 + 8 + 1 + 2;
        const byte directory = 4, symlink = 10;
        var error = Opened(ref reader, wantsDirectory: true, out var fid);
        var (offset, count) = (reader.UInt64(), reader.UInt32());
        if (reader.IsMalformed || error != HostError.None)
            return reader.IsMalformed ? HostError.Protocol : error;
        error = fid.Node!.GetStatus(out var own);
        if (error != HostError.None)
            return error;
        if (writer.Room < CountLength)
            return HostError.Protocol;
        var room = (int)Math.Min(count, (uint)(writer.Room - CountLength));
        writer.Prepare(CountLength + room);
        var length = writer.Reserve(CountLength);
        // An entry here takes as much room as one of the host's, or less than 25 bytes and its name.
        Span<byte> entries = new byte[Math.Clamp(room, 512, 64 * 1024)];
        error = fid.Open!.ReadEntries(offset, entries, out var found);
        if (error != HostError.None)
            return error;
        var used = 0;
        for (var rest = entries[..found]; rest.Length > nameAt;)
        {
            var size = BinaryPrimitives.ReadUInt16LittleEndian(rest[lengthAt..]);
            if (size <= nameAt || size > rest.Length)
                break;
            var name = rest[nameAt..size];
            name = name[..(name.IndexOf((byte)0) is var end && end >= 0 ? end : name.Length)];
            if (used + fixedLength + name.Length > room)
                break;
            used += fixedLength + name.Length;
            var kind = rest[kindAt];
            // What lies above the shared directory has no number here.
            var inode = fid.Path.Length == 0 && name.SequenceEqual(".."u8) ? own.Inode : BinaryPrimitives.ReadUInt64LittleEndian(rest[numberAt..]);
            writer.Byte(kind switch { directory => 0x80, symlink => 0x02, _ => 0 });
            writer.UInt32(0);
            writer.UInt64(MessageWriter.QidNumber(inode, own.Device, _device));
            writer.UInt64(BinaryPrimitives.ReadUInt64LittleEndian(rest[offsetAt..]));
            writer.Byte(kind);
            writer.Text(name);
            rest = rest[size..];
        }
        BinaryPrimitives.WriteInt32LittleEndian(length, used);
        // A guest whose room is too small for one entry would take it for the end.
        return used == 0 && found > 0 ? HostError.Invalid : HostError.None;
    }

    private int Sync(ref MessageReader reader)
    {
        var error = Known(ref reader, out var fid);
        // Older guests do not say what is to be synchronised.
        var dataOnly = reader.UInt32() != 0;
        return error != HostError.None ? error : fid.Open?.Sync(dataOnly) ?? HostError.BadDescriptor;
    }

    private int Clunk(ref MessageReader reader)
    {
        var number = reader.UInt32();
        if (reader.IsMalformed)
            return HostError.Protocol;
        if (!_fids.Remove(number, out var fid))
            return HostError.BadDescriptor;
        fid.Dispose();
        return HostError.None;
    }

    /// <summary>The guest's own locks hold between its programs; of others there is nothing to tell.</summary>
    private int Lock(ref MessageReader reader, MessageWriter writer)
    {
        const byte granted = 0;
        var error = Known(ref reader, out _);
        reader.Byte();
        reader.UInt32();
        reader.Take(20);
        reader.Text();
        if (reader.IsMalformed || error != HostError.None)
            return reader.IsMalformed ? HostError.Protocol : error;
        writer.Byte(granted);
        return HostError.None;
    }

    private int GetLock(ref MessageReader reader, MessageWriter writer)
    {
        const byte unlocked = 2;
        var error = Known(ref reader, out _);
        reader.Byte();
        var (start, length, process) = (reader.UInt64(), reader.UInt64(), reader.UInt32());
        var client = reader.Text();
        if (reader.IsMalformed || error != HostError.None)
            return reader.IsMalformed ? HostError.Protocol : error;
        writer.Byte(unlocked);
        writer.UInt64(start);
        writer.UInt64(length);
        writer.UInt32(process);
        writer.Text(client);
        return HostError.None;
    }

    private int OpenNode(Fid fid, int flags)
    {
        if (_isReadOnly && Changes(flags))
            return HostError.ReadOnly;
        var error = fid.Node!.GetStatus(out var status);
        if (error != HostError.None)
            return error;
        error = fid.Node.Open(flags, out var file);
        if (error == HostError.None)
            fid.SetOpen(file!, flags, status.IsDirectory);
        return error;
    }

    private int WriteOpened(Fid fid, MessageWriter writer)
    {
        var error = WriteQid(fid.Node!, writer);
        // As much as a message holds.
        writer.UInt32(0);
        return error;
    }

    private int Opened(ref MessageReader reader, bool wantsDirectory, out Fid fid)
    {
        var error = Known(ref reader, out fid);
        return error != HostError.None ? error : fid.Open is null || fid.IsDirectory != wantsDirectory ? HostError.BadDescriptor : HostError.None;
    }

    /// <summary>Whether opening a file so can change it; emptying does even where it is only read.</summary>
    private static bool Changes(int flags) => (flags & OpenFile.AccessMask) != 0 || (flags & OpenFile.Truncate) != 0;
}
