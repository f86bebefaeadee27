namespace Ringmaster.Firmware.Acpi.Aml;

/// <summary>A piece of AML byte code: an object, an expression or a statement (ACPI 6.5 section 20.2).</summary>
internal readonly record struct AmlTerm(ReadOnlyMemory<byte> Code)
{
    /// <summary>Integers are written as such.</summary>
    public static implicit operator AmlTerm(ulong value) => AmlCode.Integer(value);

    /// <summary>Strings are written as such; names are never given as plain terms.</summary>
    public static implicit operator AmlTerm(string text) => AmlCode.String(text);
}
