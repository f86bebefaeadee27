using System.Text;

namespace Ringmaster.Firmware.Acpi.Aml;

/// <summary>
/// Writes AML (ACPI 6.5 section 20.2). Calls nest as the ASL would: <c>Device("RTC", Name("_HID", EisaId("PNP0B00")))</c>.
/// Names shorter than four characters are filled up with underscores.
/// </summary>
internal static partial class AmlCode
{
    private const byte ZeroOp = 0x00, OneOp = 0x01, NameOp = 0x08, BytePrefix = 0x0A, WordPrefix = 0x0B, DwordPrefix = 0x0C, StringPrefix = 0x0D,
        QwordPrefix = 0x0E, ScopeOp = 0x10, BufferOp = 0x11, PackageOp = 0x12, MethodOp = 0x14, DualNamePrefix = 0x2E, MultiNamePrefix = 0x2F,
        ExtOpPrefix = 0x5B, RootChar = 0x5C, NotifyOp = 0x86, DeviceOp = 0x82,
        FirstArgument = 0x68, AndOp = 0x7B, OrOp = 0x7D, CreateDwordFieldOp = 0x8A, EqualOp = 0x93, IfOp = 0xA0, ElseOp = 0xA1, ReturnOp = 0xA4;

    /// <summary>Several terms one after another.</summary>
    public static AmlTerm List(params IEnumerable<AmlTerm> terms) => new(Join(terms));

    /// <summary>Scope (path) { terms }.</summary>
    public static AmlTerm Scope(string path, params IEnumerable<AmlTerm> terms) =>
        Sized([ScopeOp], [.. NameString(path), .. Join(terms)]);

    /// <summary>Device (name) { terms }.</summary>
    public static AmlTerm Device(string name, params IEnumerable<AmlTerm> terms) =>
        Sized([ExtOpPrefix, DeviceOp], [.. NameString(name), .. Join(terms)]);

    /// <summary>Name (name, value).</summary>
    public static AmlTerm Name(string name, AmlTerm value) => new((byte[])[NameOp, .. NameString(name), .. value.Code.Span]);

    /// <summary>Method (name, 0, NotSerialized) { terms }.</summary>
    public static AmlTerm Method(string name, params IEnumerable<AmlTerm> terms) => Method(name, 0, terms);

    /// <summary>Method (name, arguments, NotSerialized) { terms }.</summary>
    public static AmlTerm Method(string name, int arguments, params IEnumerable<AmlTerm> terms) =>
        Sized([MethodOp], [.. NameString(name), (byte)arguments, .. Join(terms)]);

    /// <summary>Argument number of a method, from 0.</summary>
    public static AmlTerm Argument(int number) => new((byte[])[(byte)(FirstArgument + number)]);

    /// <summary>The object of a name.</summary>
    public static AmlTerm Reference(string path) => new(NameString(path));

    /// <summary>If (left == right) { terms }.</summary>
    public static AmlTerm IfEqual(AmlTerm left, AmlTerm right, params IEnumerable<AmlTerm> terms) =>
        Sized([IfOp], [EqualOp, .. left.Code.Span, .. right.Code.Span, .. Join(terms)]);

    /// <summary>Else { terms }, behind an If.</summary>
    public static AmlTerm Else(params IEnumerable<AmlTerm> terms) => Sized([ElseOp], Join(terms));

    /// <summary>target = target &amp; mask.</summary>
    public static AmlTerm And(string target, ulong mask) => Update(AndOp, target, mask);

    /// <summary>target = target | bits.</summary>
    public static AmlTerm Or(string target, ulong bits) => Update(OrOp, target, bits);

    /// <summary>CreateDWordField (buffer, index, name).</summary>
    public static AmlTerm CreateDwordField(AmlTerm buffer, ulong index, string name) =>
        new((byte[])[CreateDwordFieldOp, .. buffer.Code.Span, .. Integer(index).Code.Span, .. NameString(name)]);

    /// <summary>Return (value).</summary>
    public static AmlTerm Return(AmlTerm value) => new((byte[])[ReturnOp, .. value.Code.Span]);

    /// <summary>ToUUID (id): its first three parts are little-endian (ACPI 6.5 section 19.6.142).</summary>
    public static AmlTerm Uuid(Guid id) => Buffer(id.ToByteArray());

    /// <summary>Notify (path, value).</summary>
    public static AmlTerm Notify(string path, ulong value) =>
        new((byte[])[NotifyOp, .. NameString(path), .. Integer(value).Code.Span]);

    /// <summary>Package () { elements }.</summary>
    public static AmlTerm Package(params IReadOnlyList<AmlTerm> elements) =>
        Sized([PackageOp], [(byte)elements.Count, .. Join(elements)]);

    /// <summary>Buffer () { bytes }.</summary>
    public static AmlTerm Buffer(ReadOnlySpan<byte> bytes) =>
        Sized([BufferOp], [.. Integer((ulong)bytes.Length).Code.Span, .. bytes]);

    /// <summary>The compressed form of a seven-character Plug and Play identifier (ACPI 6.5 section 19.3.4).</summary>
    public static AmlTerm EisaId(string id)
    {
        var vendor = (id[0] - '@') << 10 | (id[1] - '@') << 5 | (id[2] - '@');
        var product = Convert.FromHexString(id.AsSpan(3));
        // The identifier is big-endian, the integer that carries it little-endian.
        return Integer((uint)(product[1] << 24 | product[0] << 16 | (vendor & 0xFF) << 8 | vendor >> 8));
    }

    /// <summary>A string of ASCII characters.</summary>
    public static AmlTerm String(string text) => new((byte[])[StringPrefix, .. Encoding.ASCII.GetBytes(text), 0]);

    /// <summary>An integer in its shortest form.</summary>
    public static AmlTerm Integer(ulong value)
    {
        var code = new ByteWriter();
        _ = value switch
        {
            0 => code.U8(ZeroOp),
            1 => code.U8(OneOp),
            <= byte.MaxValue => code.U8(BytePrefix).U8((int)value),
            <= ushort.MaxValue => code.U8(WordPrefix).U16((int)value),
            <= uint.MaxValue => code.U8(DwordPrefix).U32((uint)value),
            _ => code.U8(QwordPrefix).U64(value),
        };
        return new AmlTerm(code.ToArray());
    }

    private static AmlTerm Update(byte operation, string target, ulong operand) =>
        new((byte[])[operation, .. NameString(target), .. Integer(operand).Code.Span, .. NameString(target)]);

    private static byte[] NameString(string path)
    {
        var code = new ByteWriter();
        var rest = path;
        if (rest.StartsWith('\\'))
        {
            code.U8(RootChar);
            rest = rest[1..];
        }
        var segments = rest.Length == 0 ? [] : rest.Split('.');
        _ = segments.Length switch
        {
            0 => code.U8(0),
            1 => code,
            2 => code.U8(DualNamePrefix),
            _ => code.U8(MultiNamePrefix).U8(segments.Length),
        };
        foreach (var segment in segments)
            code.Ascii(segment, 4, '_');
        return code.ToArray();
    }

    /// <summary>Puts the package length, which counts itself, between operator and body (ACPI 6.5 section 20.2.4).</summary>
    private static AmlTerm Sized(ReadOnlySpan<byte> opcode, ReadOnlySpan<byte> body)
    {
        var itself = 1;
        while (LengthSize(body.Length + itself) > itself)
            itself++;
        var code = new ByteWriter().Bytes(opcode);
        AppendLength(code, body.Length + itself);
        return new AmlTerm(code.Bytes(body).ToArray());
    }

    /// <summary>Bytes that a length takes.</summary>
    private static int LengthSize(int length)
    {
        const int oneByteLimit = 0x3F;
        if (length <= oneByteLimit)
            return 1;
        var following = 1;
        while (length >= 1 << (4 + 8 * following))
            following++;
        return 1 + following;
    }

    private static void AppendLength(ByteWriter code, int length)
    {
        var following = LengthSize(length) - 1;
        if (following == 0)
        {
            code.U8(length);
            return;
        }
        // The first byte holds the number of bytes that follow and the low four bits of the length, those the rest.
        code.U8(following << 6 | length & 0xF);
        for (var i = 0; i < following; i++)
            code.U8(length >> (4 + 8 * i));
    }

    private static byte[] Join(IEnumerable<AmlTerm> terms)
    {
        var code = new ByteWriter();
        foreach (var term in terms)
            code.Bytes(term.Code.Span);
        return code.ToArray();
    }
}
