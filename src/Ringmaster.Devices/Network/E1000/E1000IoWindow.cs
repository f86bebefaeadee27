using Ringmaster.Devices.Pci;

namespace Ringmaster.Devices.Network.E1000;

/// <summary>Two I/O ports through which all registers are reached: an offset, and the register there (Software Developer's Manual section 13.1.1).</summary>
/// <param name="registers">The registers.</param>
internal sealed class E1000IoWindow(IRegisterBlock registers) : IRegisterBlock
{
    private const int AddressPort = 0, DataPort = 4, Register = 4;
    private const uint AddressMask = 0x1_FFFC;

    /// <summary>The register that is shown.</summary>
    public uint Address { get; set; }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => (offset & ~3UL) switch
    {
        AddressPort => Address >> (int)(8 * (offset & 3)),
        DataPort when offset == DataPort && size == Register => registers.Read(Address, Register),
        _ => 0,
    };

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (size != Register)
            return;
        if (offset == AddressPort)
            Address = (uint)value & AddressMask;
        else if (offset == DataPort)
            registers.Write(Address, Register, value);
    }
}
