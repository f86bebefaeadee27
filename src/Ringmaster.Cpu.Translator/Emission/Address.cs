namespace Ringmaster.Cpu.Translator.Emission;

/// <summary>A host memory operand: base + index * 2^scale + displacement, or a field of the vCPU's area, which GS points to.</summary>
/// <param name="Base">Base register, or none.</param>
/// <param name="Index">Index register, or none. Never RSP.</param>
/// <param name="Scale">The index is shifted left by this, 0 to 3.</param>
/// <param name="Displacement">Bytes.</param>
/// <param name="InArea">The address is relative to the vCPU's area.</param>
internal readonly record struct Address(HostRegister Base, HostRegister Index, int Scale, int Displacement, bool InArea)
{
    /// <summary>A register plus a displacement.</summary>
    public static Address At(HostRegister register, int displacement = 0) => new(register, HostRegister.None, 0, displacement, false);

    /// <summary>Two registers plus a displacement.</summary>
    public static Address At(HostRegister register, HostRegister index, int scale = 0, int displacement = 0) => new(register, index, scale, displacement, false);

    /// <summary>A field of the vCPU's area.</summary>
    public static Address Area(int offset) => new(HostRegister.None, HostRegister.None, 0, offset, true);

    /// <summary>An element of a table in the vCPU's area.</summary>
    public static Address Area(int offset, HostRegister index, int scale) => new(HostRegister.None, index, scale, offset, true);

    /// <summary>A field of a structure in the vCPU's area.</summary>
    /// <param name="offset">The field's place in the structure.</param>
    /// <param name="structure">Holds the structure's place in the area.</param>
    public static Address AreaAt(int offset, HostRegister structure) => new(structure, HostRegister.None, 0, offset, true);
}
