namespace Ringmaster.Cpu.Translator.Emission;

/// <summary>
/// Emits the host instructions that the translator weaves around the guest's own. They are few and make up most of the code
/// emitted, so they are put together byte by byte; Iced encodes the guest's instructions.
/// </summary>
/// <remarks>Encodings: SDM 2A chapter 2 and the opcode tables of SDM 2D appendix A.</remarks>
internal sealed unsafe class HostAssembler
{
    private const byte GsPrefix = 0x65;

    private readonly byte[] _buffer;
    private readonly List<int> _labels = [];
    private readonly List<(int Place, int HostLabel, bool IsByte)> _fixups = [];
    private readonly List<int> _outerDistances = [];
    private ulong _origin;

    /// <param name="capacity">Most bytes between <see cref="Start"/> and <see cref="Finish"/>.</param>
    public HostAssembler(int capacity) => _buffer = new byte[capacity];

    /// <summary>Bytes emitted so far.</summary>
    public int Length { get; private set; }

    /// <summary>Whether there is room for some more bytes.</summary>
    public bool HasRoom(int bytes) => Length + bytes <= _buffer.Length;

    /// <summary>What has been emitted.</summary>
    public ReadOnlySpan<byte> Code => _buffer.AsSpan(0, Length);

    /// <summary>Begins anew.</summary>
    /// <param name="origin">Where the code will be executed.</param>
    public void Start(ulong origin)
    {
        _origin = origin;
        Length = 0;
        _labels.Clear();
        _fixups.Clear();
        _outerDistances.Clear();
    }

    /// <summary>Where the distances are that lead out of the code.</summary>
    public IReadOnlyList<int> OuterDistances => _outerDistances;

    /// <summary>Where the next byte will be executed.</summary>
    public ulong Here => _origin + (ulong)Length;

    /// <summary>Makes a label whose place is not known yet.</summary>
    public HostLabel NewLabel()
    {
        _labels.Add(-1);
        return new HostLabel(_labels.Count - 1);
    }

    /// <summary>Puts a label here.</summary>
    public void Bind(HostLabel label) => _labels[label.Number] = Length;

    /// <summary>Where a label is, in bytes from the start; it has been bound.</summary>
    public int PlaceOf(HostLabel label) => _labels[label.Number];

    /// <summary>Fills in all branches to labels.</summary>
    public void Finish()
    {
        foreach (var (place, label, isByte) in _fixups)
        {
            var distance = _labels[label] - place - (isByte ? 1 : 4);
            if (isByte)
                _buffer[place] = unchecked((byte)checked((sbyte)distance));
            else
                BitConverter.TryWriteBytes(_buffer.AsSpan(place), distance);
        }
        _fixups.Clear();
    }

    /// <summary>Emits bytes as they are.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Byte(byte value) => _buffer[Length++] = value;

    /// <summary>Emits NOPs until the code's place is a multiple of something, a power of two.</summary>
    public void Align(int multiple)
    {
        while ((Here & (ulong)(multiple - 1)) != 0)
            Byte(0x90);
    }

    public void Move(HostRegister to, HostRegister from)
    {
        if (to != from)
            Register(0x8B, to, from, wide: true);
    }

    public void Move32(HostRegister to, HostRegister from) => Register(0x8B, to, from, wide: false);

    /// <summary>Loads 64 bits.</summary>
    public void Load(HostRegister to, Address from) => Memory(0x8B, to, from, wide: true);

    /// <summary>Loads 32 bits and clears those above.</summary>
    public void Load32(HostRegister to, Address from) => Memory(0x8B, to, from, wide: false);

    /// <summary>Loads a byte and clears all bits above.</summary>
    public void LoadByte(HostRegister to, Address from) => Memory(0x0FB6, to, from, wide: false);

    /// <summary>Loads 16 bits and clears all bits above.</summary>
    public void Load16(HostRegister to, Address from) => Memory(0x0FB7, to, from, wide: false);

    /// <summary>Copies 16 bits and clears those above.</summary>
    public void ZeroExtend16(HostRegister to, HostRegister from) => Register(0x0FB7, to, from, wide: false);

    public void Store(Address to, HostRegister from) => Memory(0x89, from, to, wide: true);

    public void Store32(Address to, HostRegister from) => Memory(0x89, from, to, wide: false);

    public void Store16(Address to, HostRegister from)
    {
        Byte(0x66);
        Memory(0x89, from, to, wide: false);
    }

    /// <summary>Stores a constant of 32 bits.</summary>
    public void Store32(Address to, int value)
    {
        Memory(0xC7, 0, to, wide: false);
        Int32(value);
    }

    /// <summary>Stores a constant of 64 bits that is a sign-extended one of 32.</summary>
    public void Store(Address to, int value)
    {
        Memory(0xC7, 0, to, wide: true);
        Int32(value);
    }

    /// <summary>Loads a constant, in the shortest form.</summary>
    public void Constant(HostRegister to, ulong value)
    {
        if (value <= uint.MaxValue)
        {
            Rex(false, 0, 0, (int)to);
            Byte((byte)(0xB8 + ((int)to & 7)));
            Int32((int)(uint)value);
        }
        else if ((ulong)(int)value == value)
        {
            Register(0xC7, 0, to, wide: true);
            Int32((int)value);
        }
        else
        {
            LongConstant(to, value);
        }
    }

    /// <summary>Loads a constant in the form that takes any.</summary>
    public void LongConstant(HostRegister to, ulong value)
    {
        Rex(true, 0, 0, (int)to);
        Byte((byte)(0xB8 + ((int)to & 7)));
        BitConverter.TryWriteBytes(_buffer.AsSpan(Length), value);
        Length += 8;
    }

    /// <summary>Forms an address; leaves the flags alone.</summary>
    public void Lea(HostRegister to, Address address) => Memory(0x8D, to, address, wide: true);

    /// <summary>Loads the address of a label.</summary>
    public void LeaLabel(HostRegister to, HostLabel label)
    {
        Rex(true, (int)to, 0, 0);
        Byte(0x8D);
        Byte((byte)(((int)to & 7) << 3 | 5));
        Distance(label);
    }

    /// <summary>Forms an address modulo 2^32; leaves the flags alone.</summary>
    public void Lea32(HostRegister to, Address address) => Memory(0x8D, to, address, wide: false);

    public void Do(Alu operation, HostRegister to, HostRegister from) => Register((int)operation * 8 + 3, to, from, wide: true);

    public void Do32(Alu operation, HostRegister to, HostRegister from) => Register((int)operation * 8 + 3, to, from, wide: false);

    public void Do(Alu operation, HostRegister to, Address from) => Memory((int)operation * 8 + 3, to, from, wide: true);

    public void Do32(Alu operation, HostRegister to, Address from) => Memory((int)operation * 8 + 3, to, from, wide: false);

    /// <summary>An operation with a constant.</summary>
    public void Do(Alu operation, HostRegister to, int value, bool wide = true)
    {
        var isByte = value == (sbyte)value;
        Register(isByte ? 0x83 : 0x81, (HostRegister)operation, to, wide);
        if (isByte)
            Byte((byte)value);
        else
            Int32(value);
    }

    /// <summary>An operation on 32 bits of memory and a small constant.</summary>
    public void Do32(Alu operation, Address to, sbyte value)
    {
        Memory(0x83, (HostRegister)operation, to, wide: false);
        Byte((byte)value);
    }

    public void Test(HostRegister left, HostRegister right, bool wide = true) => Register(0x85, left, right, wide);

    /// <summary>Tests the low byte of RCX.</summary>
    public void TestCl(byte mask)
    {
        Byte(0xF6);
        Byte(0xC1);
        Byte(mask);
    }

    public void ShiftRight(HostRegister register, byte count)
    {
        Register(0xC1, (HostRegister)5, register, wide: true);
        Byte(count);
    }

    public void ShiftRightSigned(HostRegister register, byte count, bool wide)
    {
        Register(0xC1, (HostRegister)7, register, wide);
        Byte(count);
    }

    public void ShiftLeft(HostRegister register, byte count)
    {
        Register(0xC1, (HostRegister)4, register, wide: true);
        Byte(count);
    }

    /// <summary>Shifts by a count in a register; leaves the flags alone. BMI2.</summary>
    public void ShiftLeft(HostRegister to, HostRegister from, HostRegister count)
    {
        // VEX.LZ.66.0F38.W1 F7 /r, with the count in vvvv.
        Byte(0xC4);
        Byte((byte)((High(to) ? 0 : 0x80) | 0x40 | (High(from) ? 0 : 0x20) | 2));
        Byte((byte)(0x80 | (~(int)count & 15) << 3 | 1));
        Byte(0xF7);
        Byte((byte)(0xC0 | ((int)to & 7) << 3 | (int)from & 7));
    }

    /// <summary>The number of the highest bit that is one; there must be one.</summary>
    public void BitScanReverse(HostRegister to, HostRegister from) => Register(0x0FBD, to, from, wide: true);

    public void MoveIf(Condition condition, HostRegister to, HostRegister from) => Register(0x0F40 + (int)condition, to, from, wide: true);

    public void Negate(HostRegister register) => Register(0xF7, (HostRegister)3, register, wide: true);

    public void RotateRight32(HostRegister register, byte count)
    {
        Register(0xC1, (HostRegister)1, register, wide: false);
        Byte(count);
    }

    /// <summary>Inverts all bits; leaves the flags alone.</summary>
    public void Not(HostRegister register) => Register(0xF7, (HostRegister)2, register, wide: true);

    public void Push(HostRegister register)
    {
        Rex(false, 0, 0, (int)register);
        Byte((byte)(0x50 + ((int)register & 7)));
    }

    public void Pop(HostRegister register)
    {
        Rex(false, 0, 0, (int)register);
        Byte((byte)(0x58 + ((int)register & 7)));
    }

    public void Push(int value)
    {
        Byte(0x68);
        Int32(value);
    }

    public void Push(Address from) => Memory(0xFF, (HostRegister)6, from, wide: false);

    public void Pop(Address to) => Memory(0x8F, 0, to, wide: false);

    public void PushFlags() => Byte(0x9C);

    public void PopFlags() => Byte(0x9D);

    /// <summary>Gathers the bits that a mask in memory selects; leaves the flags alone. BMI2.</summary>
    public void ExtractBits(HostRegister to, HostRegister from, Address mask) => Bits(0x82, to, from, mask);

    /// <summary>PEXT and PDEP: VEX.LZ.0F38.W1 F5 /r with F3 or F2, and the source in vvvv.</summary>
    private void Bits(byte prefix, HostRegister to, HostRegister from, Address mask)
    {
        if (mask.InArea)
            Byte(GsPrefix);
        Byte(0xC4);
        Byte((byte)(((int)to < 8 ? 0x80 : 0) | (High(mask.Index) ? 0 : 0x40) | (High(mask.Base) ? 0 : 0x20) | 2));
        Byte((byte)(prefix | (~(int)from & 15) << 3));
        Byte(0xF5);
        Operand((int)to, mask);
    }

    /// <summary>Puts bits where a mask in memory selects; leaves the flags alone. BMI2.</summary>
    public void DepositBits(HostRegister to, HostRegister from, Address mask) => Bits(0x83, to, from, mask);

    public void Return() => Byte(0xC3);

    /// <summary>Returns and takes some bytes off the stack.</summary>
    public void Return(ushort bytes)
    {
        Byte(0xC2);
        Byte((byte)bytes);
        Byte((byte)(bytes >> 8));
    }

    public void Jump(HostLabel to)
    {
        Byte(0xE9);
        Distance(to);
    }

    public void Jump(ulong to)
    {
        Byte(0xE9);
        Distance(to);
    }

    public void Jump(HostRegister to) => Register(0xFF, (HostRegister)4, to, wide: false);

    public void Jump(Address to) => Memory(0xFF, (HostRegister)4, to, wide: false);

    public void Call(ulong to)
    {
        Byte(0xE8);
        Distance(to);
    }

    public void Call(HostLabel to)
    {
        Byte(0xE8);
        Distance(to);
    }

    public void Call(Address to) => Memory(0xFF, (HostRegister)2, to, wide: false);

    public void Jump(Condition condition, HostLabel to)
    {
        Byte(0x0F);
        Byte((byte)(0x80 | (int)condition));
        Distance(to);
    }

    /// <summary>Jumps, at most 127 bytes, if RCX is zero; leaves the flags alone.</summary>
    public void JumpIfRcxZero(HostLabel to) => Short(0xE3, to);

    /// <summary>Jumps any distance if RCX is not zero; leaves the flags alone.</summary>
    public void JumpUnlessRcxZero(HostLabel to)
    {
        var past = NewLabel();
        JumpIfRcxZero(past);
        Jump(to);
        Bind(past);
    }

    /// <summary>Jumps any distance if RCX is zero; leaves the flags alone.</summary>
    public void JumpFarIfRcxZero(HostLabel to)
    {
        HostLabel zero = NewLabel(), past = NewLabel();
        JumpIfRcxZero(zero);
        JumpShort(past);
        Bind(zero);
        Jump(to);
        Bind(past);
    }

    /// <summary>Jumps at most 127 bytes.</summary>
    public void JumpShort(HostLabel to) => Short(0xEB, to);

    /// <summary>Jumps at most 127 bytes.</summary>
    public void JumpShort(Condition condition, HostLabel to) => Short((byte)(0x70 | (int)condition), to);

    public void Int32(int value)
    {
        BitConverter.TryWriteBytes(_buffer.AsSpan(Length), value);
        Length += 4;
    }

    /// <summary>An instruction with a register and a memory operand.</summary>
    /// <param name="opcode">One or two bytes, 0F first.</param>
    /// <param name="register">The reg field.</param>
    /// <param name="address">The r/m field.</param>
    /// <param name="wide">REX.W.</param>
    public void Memory(int opcode, HostRegister register, Address address, bool wide)
    {
        if (address.InArea)
            Byte(GsPrefix);
        Rex(wide, (int)register, address.Index == HostRegister.None ? 0 : (int)address.Index, address.Base == HostRegister.None ? 0 : (int)address.Base);
        Opcode(opcode);
        Operand((int)register, address);
    }

    /// <summary>A VEX-encoded instruction of 128 or 256 bits with a register, a memory operand and maybe a second source.</summary>
    public void Vex(bool is256, byte opcode, int register, Address address, int source = 0)
    {
        if (address.InArea)
            Byte(GsPrefix);
        Byte(0xC4);
        Byte((byte)((register < 8 ? 0x80 : 0) | (High(address.Index) ? 0 : 0x40) | (High(address.Base) ? 0 : 0x20) | 1));
        Byte((byte)((~source & 15) << 3 | (is256 ? 4 : 0)));
        Byte(opcode);
        Operand(register, address);
    }

    private static bool High(HostRegister register) => register != HostRegister.None && (int)register >= 8;

    private void Register(int opcode, HostRegister register, HostRegister rm, bool wide)
    {
        Rex(wide, (int)register, 0, (int)rm);
        Opcode(opcode);
        Byte((byte)(0xC0 | ((int)register & 7) << 3 | (int)rm & 7));
    }

    private void Opcode(int opcode)
    {
        if (opcode > 0xFF)
            Byte((byte)(opcode >> 8));
        Byte((byte)opcode);
    }

    private void Rex(bool wide, int register, int index, int @base)
    {
        var rex = (wide ? 8 : 0) | (register >> 3 & 1) << 2 | (index >> 3 & 1) << 1 | @base >> 3 & 1;
        if (rex != 0)
            Byte((byte)(0x40 | rex));
    }

    /// <summary>ModRM, SIB and displacement (SDM 2A tables 2-2 and 2-3).</summary>
    private void Operand(int register, Address address)
    {
        var reg = (register & 7) << 3;
        var displacement = address.Displacement;
        if (address.Base == HostRegister.None)
        {
            // No base: a SIB byte that says so, and 32 bits of displacement.
            Byte((byte)(reg | 4));
            Byte((byte)(address.Scale << 6 | (address.Index == HostRegister.None ? 4 : (int)address.Index & 7) << 3 | 5));
            Int32(displacement);
            return;
        }
        var low = (int)address.Base & 7;
        // RBP and R13 as base with no displacement mean something else; they take one of zero.
        var mode = displacement == 0 && low != 5 ? 0 : displacement == (sbyte)displacement ? 1 : 2;
        if (address.Index != HostRegister.None || low == 4)
        {
            Byte((byte)(mode << 6 | reg | 4));
            Byte((byte)(address.Scale << 6 | (address.Index == HostRegister.None ? 4 : (int)address.Index & 7) << 3 | low));
        }
        else
        {
            Byte((byte)(mode << 6 | reg | low));
        }
        if (mode == 1)
            Byte((byte)displacement);
        else if (mode == 2)
            Int32(displacement);
    }

    private void Short(byte opcode, HostLabel to)
    {
        Byte(opcode);
        _fixups.Add((Length, to.Number, true));
        Byte(0);
    }

    private void Distance(HostLabel to)
    {
        _fixups.Add((Length, to.Number, false));
        Int32(0);
    }

    private void Distance(ulong to)
    {
        _outerDistances.Add(Length);
        Int32(checked((int)unchecked((long)(to - (Here + 4)))));
    }
}
