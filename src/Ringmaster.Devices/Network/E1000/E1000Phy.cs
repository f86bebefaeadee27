namespace Ringmaster.Devices.Network.E1000;

/// <summary>The transceiver, reached by the MDI control register (IEEE 802.3 clause 22; Software Developer's Manual chapter 8).</summary>
internal sealed class E1000Phy
{
    public const int Registers = 32;

    private const int ControlRegister = 0, StatusRegister = 1, Id1 = 2, Id2 = 3, Advertisement = 4, Partner = 5, Expansion = 6, NextPage = 7, GigabitControl = 9,
        GigabitStatus = 10, ExtendedStatus = 15, SpecificControl = 16, SpecificStatus = 17, ExtendedControl = 20;
    private const ushort IsReset = 1 << 15, Loopback = 1 << 14, Negotiates = 1 << 12, Restarts = 1 << 9;
    private const ushort Abilities = 0x7949, HasLink = 1 << 2, HasNegotiated = 1 << 5;
    private const ushort GigabitFullDuplex = 0xA800, SpecificLink = 0x0400;

    private readonly ushort[] _values = new ushort[Registers];

    public E1000Phy() => Reset();

    /// <summary>Whether frames come back.</summary>
    public bool IsLooped => (_values[ControlRegister] & Loopback) != 0;

    public void Reset()
    {
        Array.Clear(_values);
        _values[ControlRegister] = 0x1140;
        (_values[Advertisement], _values[GigabitControl]) = (0x0DE1, 0x0E00);
        (_values[NextPage], _values[SpecificControl], _values[ExtendedControl]) = (0x2001, 0x0360, 0x0D60);
    }

    /// <summary>Reads a register.</summary>
    /// <param name="register">0 to 31.</param>
    /// <param name="hasLink">Whether both ends have found each other.</param>
    public ushort Read(int register, bool hasLink) => register switch
    {
        StatusRegister => (ushort)(Abilities | (hasLink ? HasLink | HasNegotiated : 0)),
        Id1 => 0x0141,
        Id2 => 0x0C20,
        // The other end can do everything and has said so.
        Partner => hasLink ? (ushort)0xCDE1 : (ushort)0,
        Expansion => hasLink ? (ushort)7 : (ushort)4,
        GigabitStatus => hasLink ? (ushort)0x3C00 : (ushort)0,
        ExtendedStatus => 0x3000,
        SpecificStatus => (ushort)(GigabitFullDuplex | (hasLink ? SpecificLink : 0)),
        _ => _values[register],
    };

    /// <summary>Writes a register.</summary>
    /// <returns>Whether both ends have to find each other anew.</returns>
    public bool Write(int register, ushort value)
    {
        switch (register)
        {
            case ControlRegister when (value & IsReset) != 0:
                Reset();
                return true;
            case ControlRegister:
                _values[register] = (ushort)(value & ~Restarts);
                return (value & (Negotiates | Restarts)) == (Negotiates | Restarts);
            case Advertisement or NextPage or GigabitControl or >= SpecificControl and not SpecificStatus:
                _values[register] = value;
                return false;
            default:
                return false;
        }
    }

    public ushort[] Capture() => [.. _values];

    public void Apply(ushort[] values)
    {
        Reset();
        values.CopyTo(_values, 0);
        _values[ControlRegister] &= unchecked((ushort)~(IsReset | Restarts));
    }
}
