using System.Buffers.Binary;
using System.Text;
using Ringmaster.Backends.Sharing;

namespace Ringmaster.Backends.Tests.Sharing;

/// <summary>Puts messages of 9P2000.L together and takes their answers apart, byte for byte.</summary>
internal sealed class NinePClient(SharedFolder folder)
{
    public const uint NoFid = uint.MaxValue;

    /// <summary>Sends a message of fields: numbers by their types' widths, strings, bytes.</summary>
    /// <returns>The answer's fields; an error's number instead if it is one.</returns>
    public (int Error, byte[] Body) Send(byte kind, params object[] fields)
    {
        var message = Message(kind, 7, fields);
        var answer = folder.Answer(message, 70_000).Span;
        Assert.Equal(answer.Length, BinaryPrimitives.ReadInt32LittleEndian(answer));
        Assert.Equal(7, BinaryPrimitives.ReadUInt16LittleEndian(answer[5..]));
        if (answer[4] == 7)
            return (BinaryPrimitives.ReadInt32LittleEndian(answer[7..]), []);
        Assert.Equal(kind + 1, answer[4]);
        return (0, answer[7..].ToArray());
    }

    public static byte[] Message(byte kind, ushort tag, params object[] fields)
    {
        var body = new List<byte> { kind, (byte)tag, (byte)(tag >> 8) };
        foreach (var field in fields)
        {
            switch (field)
            {
                case byte value:
                    body.Add(value);
                    break;
                case ushort value:
                    body.AddRange(BitConverter.GetBytes(value));
                    break;
                case uint value:
                    body.AddRange(BitConverter.GetBytes(value));
                    break;
                case ulong value:
                    body.AddRange(BitConverter.GetBytes(value));
                    break;
                case string text:
                    body.AddRange(BitConverter.GetBytes((ushort)Encoding.UTF8.GetByteCount(text)));
                    body.AddRange(Encoding.UTF8.GetBytes(text));
                    break;
                default:
                    body.AddRange((byte[])field);
                    break;
            }
        }
        return [.. BitConverter.GetBytes(body.Count + 4), .. body];
    }

    public NinePClient Begin()
    {
        Assert.Equal(0, Send(100, 65536u, "9P2000.L").Error);
        Assert.Equal(0, Attach(0));
        return this;
    }

    public int Attach(uint fid) => Send(104, fid, NoFid, "root", "", 0u).Error;

    public int Walk(uint from, uint to, params string[] names) => Send(110, [from, to, (ushort)names.Length, .. names]) is var (error, body)
        && error != 0 ? error : BinaryPrimitives.ReadUInt16LittleEndian(body) == names.Length ? 0 : -1;

    public int Open(uint fid, uint flags) => Send(12, fid, flags).Error;

    public int Clunk(uint fid) => Send(120, fid).Error;

    public int Create(uint fid, string name, uint flags = 2, uint mode = 0x1A4) => Send(14, fid, name, flags, mode, NoFid).Error;

    public int Write(uint fid, string text, ulong offset = 0) => Send(118, fid, offset, (uint)text.Length, Encoding.UTF8.GetBytes(text)).Error;

    public string? Read(uint fid, ulong offset = 0, uint count = 1000) =>
        Send(116, fid, offset, count) is (0, var body) ? Encoding.UTF8.GetString(body[4..]) : null;

    /// <summary>All entries of an open directory, a few at a time.</summary>
    public List<string> Names(uint fid, uint count)
    {
        var names = new List<string>();
        ulong offset = 0;
        while (true)
        {
            var (error, body) = Send(40, fid, offset, count);
            Assert.Equal(0, error);
            var entries = body.AsSpan(4);
            Assert.True(entries.Length <= count);
            if (entries.IsEmpty)
                return names;
            while (!entries.IsEmpty)
            {
                offset = BinaryPrimitives.ReadUInt64LittleEndian(entries[13..]);
                var length = BinaryPrimitives.ReadUInt16LittleEndian(entries[22..]);
                names.Add(Encoding.UTF8.GetString(entries.Slice(24, length)));
                entries = entries[(24 + length)..];
            }
        }
    }
}
