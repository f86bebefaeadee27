using System.Globalization;
using Ringmaster.Memory;

namespace Ringmaster.Firmware.Acpi.Aml;

/// <content>What methods are made of that talk to a device.</content>
internal static partial class AmlCode
{
    private const byte MutexOp = 0x01, AcquireOp = 0x23, ReleaseOp = 0x27, RegionOp = 0x80, FieldOp = 0x81, FirstLocal = 0x60, StoreOp = 0x70,
        SystemIo = 1, NoTarget = 0;
    private const int WaitForEver = 0xFFFF;

    /// <summary>OperationRegion (name, SystemIO, port, length).</summary>
    public static AmlTerm IoRegion(string name, IoPort port, int length) =>
        new((byte[])[ExtOpPrefix, RegionOp, .. NameString(name), SystemIo, .. Integer(port.Value).Code.Span, .. Integer((ulong)length).Code.Span]);

    /// <summary>Field (region, access, NoLock, WriteAsZeros) { fields }; a field without a name is skipped.</summary>
    /// <param name="region">The region.</param>
    /// <param name="accessBytes">Bytes of an access: 1 or 4.</param>
    /// <param name="fields">Their names and bits.</param>
    public static AmlTerm Fields(string region, int accessBytes, params IEnumerable<(string? Name, int Bits)> fields)
    {
        const byte byteAccess = 1, dwordAccess = 3, writeAsZeros = 2 << 5;
        var list = new ByteWriter();
        foreach (var (name, bits) in fields)
        {
            if (name is null)
                list.U8(0);
            else
                list.Ascii(name, 4, '_');
            AppendLength(list, bits);
        }
        var access = (byte)((accessBytes == 1 ? byteAccess : dwordAccess) | writeAsZeros);
        return Sized([ExtOpPrefix, FieldOp], [.. NameString(region), access, .. list.ToArray()]);
    }

    /// <summary>Mutex (name, 0).</summary>
    public static AmlTerm Mutex(string name) => new((byte[])[ExtOpPrefix, MutexOp, .. NameString(name), 0]);

    /// <summary>Acquire (mutex, 0xFFFF).</summary>
    public static AmlTerm Acquire(string mutex) =>
        new((byte[])[ExtOpPrefix, AcquireOp, .. NameString(mutex), WaitForEver & 0xFF, WaitForEver >> 8]);

    /// <summary>Release (mutex).</summary>
    public static AmlTerm Release(string mutex) => new((byte[])[ExtOpPrefix, ReleaseOp, .. NameString(mutex)]);

    /// <summary>A local variable of a method, from 0.</summary>
    public static AmlTerm Local(int number) => new((byte[])[(byte)(FirstLocal + number)]);

    /// <summary>target = value.</summary>
    public static AmlTerm Store(AmlTerm value, AmlTerm target) => new((byte[])[StoreOp, .. value.Code.Span, .. target.Code.Span]);

    /// <summary>left &amp; right.</summary>
    public static AmlTerm Both(AmlTerm left, AmlTerm right) => new((byte[])[AndOp, .. left.Code.Span, .. right.Code.Span, NoTarget]);

    /// <summary>If (condition) { terms }.</summary>
    public static AmlTerm If(AmlTerm condition, params IEnumerable<AmlTerm> terms) => Sized([IfOp], [.. condition.Code.Span, .. Join(terms)]);

    /// <summary>Scope (\\_GPE) { Method (_Exx) { terms } }, which runs on an edge of general-purpose event xx (ACPI 6.5 section 5.6.4.1).</summary>
    public static AmlTerm EdgeEvent(int number, params IEnumerable<AmlTerm> terms) =>
        Scope("\\_GPE", Method("_E" + number.ToString("X2", CultureInfo.InvariantCulture), terms));

    /// <summary>A call of a method.</summary>
    public static AmlTerm Call(string path, params IEnumerable<AmlTerm> arguments) => new((byte[])[.. NameString(path), .. Join(arguments)]);
}
