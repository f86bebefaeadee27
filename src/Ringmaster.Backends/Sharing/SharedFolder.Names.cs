using Ringmaster.Host.Files;

namespace Ringmaster.Backends.Sharing;

/// <summary>Messages that find, make, move and remove names.</summary>
internal sealed partial class SharedFolder
{
    private const int MostSteps = 16;

    private int Attach(ref MessageReader reader, MessageWriter writer)
    {
        var number = reader.UInt32();
        var authentication = reader.UInt32();
        reader.Text();
        var name = reader.Text();
        if (reader.IsMalformed)
            return HostError.Protocol;
        if (authentication != NoFid)
            return HostError.Invalid;
        // There is one tree to attach to.
        if (name.Length > 1 || (name.Length == 1 && name[0] != '/'))
            return HostError.NoEntry;
        var error = _root.Copy(out var node);
        if (error != HostError.None)
            return error;
        error = WriteQid(node!, writer);
        if (error == HostError.None)
            return Add(number, new Fid(node, []));
        node!.Dispose();
        return error;
    }

    private int Walk(ref MessageReader reader, MessageWriter writer)
    {
        var from = reader.UInt32();
        var (number, steps) = (reader.UInt32(), reader.UInt16());
        if (reader.IsMalformed || steps > MostSteps)
            return HostError.Protocol;
        if (!_fids.TryGetValue(from, out var start))
            return HostError.BadDescriptor;
        if (start.Node is null)
            return HostError.Stale;
        if (number != from && _fids.ContainsKey(number))
            return HostError.BadDescriptor;
        if (start.Open is not null && number == from && steps > 0)
            return HostError.BadDescriptor;
        var error = start.Node.Copy(out var node);
        if (error != HostError.None)
            return error;
        var path = start.Path;
        var count = writer.Reserve(2);
        ushort done = 0;
        for (; done < steps; done++)
        {
            var name = reader.Text();
            error = reader.IsMalformed ? HostError.Protocol : Step(ref node!, ref path, name);
            if (error == HostError.None)
                error = WriteQid(node!, writer);
            if (error != HostError.None)
                break;
        }
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(count, done);
        if (done < steps)
        {
            // Part of the way: the guest is told how far, and there is no new handle (walk(5)).
            node!.Dispose();
            return done == 0 || error == HostError.Protocol ? error : HostError.None;
        }
        if (number == from)
        {
            if (steps == 0)
                node!.Dispose();
            else
            {
                start.Dispose();
                _fids[number] = new Fid(node, path);
            }
            return HostError.None;
        }
        return Add(number, new Fid(node, path));
    }

    /// <summary>Goes from a directory to one of its entries, or to the one above if that is still inside.</summary>
    private int Step(ref FileNode node, ref byte[] path, ReadOnlySpan<byte> name)
    {
        FileNode? next;
        byte[]? nextPath;
        int error;
        if (name.SequenceEqual(".."u8))
        {
            // By name from the top: a directory's own entry of this name may lead outside.
            nextPath = Fid.Divide(path).Parent;
            error = FindPath(nextPath, out next);
        }
        else
        {
            nextPath = Fid.Join(path, name);
            if (nextPath is null)
                return HostError.NameTooLong;
            error = node.Find(name, out next);
        }
        if (error != HostError.None)
            return error;
        node.Dispose();
        (node, path) = (next!, nextPath);
        return HostError.None;
    }

    /// <summary>Goes from the shared directory to a file.</summary>
    private int FindPath(byte[] path, out FileNode? node)
    {
        var error = _root.Copy(out node);
        if (path.Length == 0)
            return error;
        foreach (var part in new ReadOnlySpan<byte>(path).Split((byte)'/'))
        {
            if (error != HostError.None)
                return error;
            var above = node!;
            error = above.Find(path.AsSpan(part), out node);
            above.Dispose();
        }
        return error;
    }

    private int MakeDirectory(ref MessageReader reader, MessageWriter writer)
    {
        var error = Known(ref reader, out var parent);
        var name = reader.Text();
        var (mode, group) = (reader.UInt32(), reader.UInt32());
        if (Refusal(error, reader) is not HostError.None and var refusal)
            return refusal;
        error = parent.Node!.MakeDirectory(name, mode);
        return error != HostError.None ? error : WriteNew(parent, name, group, writer);
    }

    private int MakeNode(ref MessageReader reader, MessageWriter writer)
    {
        var error = Known(ref reader, out var parent);
        var name = reader.Text();
        var mode = reader.UInt32();
        reader.UInt64();
        var group = reader.UInt32();
        if (Refusal(error, reader) is not HostError.None and var refusal)
            return refusal;
        error = parent.Node!.MakeNode(name, mode);
        return error != HostError.None ? error : WriteNew(parent, name, group, writer);
    }

    private int Symlink(ref MessageReader reader, MessageWriter writer)
    {
        var error = Known(ref reader, out var parent);
        var name = reader.Text();
        var target = reader.Text();
        var group = reader.UInt32();
        if (Refusal(error, reader) is not HostError.None and var refusal)
            return refusal;
        error = parent.Node!.MakeSymlink(name, target);
        return error != HostError.None ? error : WriteNew(parent, name, group, writer);
    }

    private int Link(ref MessageReader reader)
    {
        var error = Known(ref reader, out var parent);
        if (error != HostError.None)
            return error;
        error = Known(ref reader, out var file);
        var name = reader.Text();
        return Refusal(error, reader) is not HostError.None and var refusal ? refusal : parent.Node!.Link(file.Node!, name);
    }

    private int RemoveAt(ref MessageReader reader)
    {
        const uint directory = 0x200;
        var error = Known(ref reader, out var parent);
        var name = reader.Text();
        var flags = reader.UInt32();
        if (Refusal(error, reader) is not HostError.None and var refusal)
            return refusal;
        return (flags & ~directory) != 0 ? HostError.Invalid : parent.Node!.Remove(name, (flags & directory) != 0);
    }

    /// <summary>Removes a handle's file, if it is still where it was found, and in any case the handle.</summary>
    private int Remove(ref MessageReader reader)
    {
        var number = reader.UInt32();
        if (reader.IsMalformed)
            return HostError.Protocol;
        if (!_fids.Remove(number, out var fid))
            return HostError.BadDescriptor;
        using (fid)
        {
            if (_isReadOnly)
                return HostError.ReadOnly;
            var error = FindParent(fid, out var parent, out var name);
            if (error != HostError.None)
                return error;
            using (parent)
            {
                error = fid.Node!.GetStatus(out var status);
                return error != HostError.None ? error : parent!.Remove(name, status.IsDirectory);
            }
        }
    }

    private int RenameAt(ref MessageReader reader)
    {
        var error = Known(ref reader, out var from);
        if (error != HostError.None)
            return error;
        var name = reader.Text();
        error = Known(ref reader, out var to);
        if (error != HostError.None)
            return error;
        var newName = reader.Text();
        if (Refusal(error, reader) is not HostError.None and var refusal)
            return refusal;
        var (old, moved) = (Fid.Join(from.Path, name), Fid.Join(to.Path, newName));
        if (old is null || moved is null)
            return HostError.NameTooLong;
        error = from.Node!.Rename(name, to.Node!, newName);
        if (error == HostError.None)
            Moved(old, moved);
        return error;
    }

    private int Rename(ref MessageReader reader)
    {
        var error = Known(ref reader, out var fid);
        if (error != HostError.None)
            return error;
        error = Known(ref reader, out var to);
        if (error != HostError.None)
            return error;
        var newName = reader.Text();
        if (Refusal(error, reader) is not HostError.None and var refusal)
            return refusal;
        if (Fid.Join(to.Path, newName) is not { } moved)
            return HostError.NameTooLong;
        error = FindParent(fid, out var parent, out var name);
        if (error != HostError.None)
            return error;
        using (parent)
            error = parent!.Rename(name, to.Node!, newName);
        if (error == HostError.None)
            Moved(fid.Path, moved);
        return error;
    }

    /// <summary>Finds the directory in which a handle's file has the name by which it was found.</summary>
    private int FindParent(Fid fid, out FileNode? parent, out byte[] name)
    {
        (var path, name) = Fid.Divide(fid.Path);
        parent = null;
        if (fid.Node is null)
            return HostError.Stale;
        if (name.Length == 0)
            return HostError.Invalid;
        var error = FindPath(path, out var found);
        if (error != HostError.None)
            return error;
        error = found!.Find(name, out var there);
        using (there)
        {
            if (error == HostError.None && (there!.GetStatus(out var one) | fid.Node.GetStatus(out var other)) == HostError.None
                && (one.Inode, one.Device) == (other.Inode, other.Device))
            {
                parent = found;
                return HostError.None;
            }
        }
        found.Dispose();
        return error != HostError.None ? error : HostError.Stale;
    }

    /// <summary>Handles of a file that was moved, and of those below it, get its new path.</summary>
    private void Moved(byte[] from, byte[] to)
    {
        foreach (var fid in _fids.Values)
        {
            var path = fid.Path;
            if (path.AsSpan().StartsWith(from) && (path.Length == from.Length || path[from.Length] == '/'))
                fid.Path = [.. to, .. path.AsSpan(from.Length)];
        }
    }

    /// <summary>Why a change is not made: an error so far, a malformed message, or that nothing may be changed.</summary>
    private int Refusal(int error, MessageReader reader) =>
        reader.IsMalformed ? HostError.Protocol : error != HostError.None ? error : _isReadOnly ? HostError.ReadOnly : HostError.None;

    /// <summary>Tells the guest what it has made.</summary>
    private int WriteNew(Fid parent, ReadOnlySpan<byte> name, uint group, MessageWriter writer)
    {
        var error = parent.Node!.Find(name, out var made);
        using (made)
        {
            if (error != HostError.None)
                return error;
            GiveTo(made!, group);
            return WriteQid(made!, writer);
        }
    }

    /// <summary>A new file gets the guest's group where the host allows it; it is made all the same where not.</summary>
    private static void GiveTo(FileNode made, uint group) => made.SetOwner(uint.MaxValue, group);
}
