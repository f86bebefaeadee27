using System.Buffers.Binary;

namespace Ringmaster.Fuzz.Tests.Machines;

/// <summary>
/// Writes programs that do random things to a PC's devices, over and over, with interrupts on. In 32-bit programs every
/// exception leads to the next operation, so that they go on after a fault. Machine code is written out by hand: the same
/// few instructions with other operands.
/// </summary>
internal sealed class ProgramGenerator(FuzzRandom random)
{
    /// <summary>Where programs are loaded.</summary>
    public const uint FlatBase = 0x10_0000, RealBase = 0x7C00;

    private const int Operations = 150;
    private const uint Tables = FlatBase + 0x1000, TableRegisters = FlatBase + 0x1800, Globals = FlatBase + 0x1900, NextOperation = FlatBase + 0x1F00,
        DmaCommand = FlatBase + 0x1F80, StackTop = 0x9_0000;

    private const int FlatCode = 0x2000, RealSize = 0x6000;
    private readonly List<byte> _code = [];

    /// <summary>A program that is entered in flat 32-bit mode at its first byte.</summary>
    public byte[] Flat()
    {
        var image = new byte[0x8000];
        // Exceptions: MOV ESP, top; STI; JMP [next]. Interrupts: end of interrupt at both PICs and the local APIC; IRETD.
        var exception = Emit(0xBC, Dword(StackTop), 0xFB, 0xFF, 0x25, Dword(NextOperation));
        var interrupt = Emit(0x50, 0xB0, 0x20, 0xE6, 0x20, 0xE6, 0xA0, 0xC7, 0x05, Dword(0xFEE0_00B0), Dword(0), 0x58, 0xCF);
        // LGDT, LIDT, MOV ESP, STI.
        var start = Emit(0x0F, 0x01, 0x15, Dword(TableRegisters + 8), 0x0F, 0x01, 0x1D, Dword(TableRegisters), 0xBC, Dword(StackTop), 0xFB);
        for (var i = 0; i < Operations; i++)
        {
            // MOV dword [next], address of the following operation.
            var at = Emit(0xC7, 0x05, Dword(NextOperation), Dword(0));
            Operation();
            BinaryPrimitives.WriteUInt32LittleEndian(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_code)[(at + 6)..],
                FlatBase + FlatCode + (uint)_code.Count);
        }
        Emit(0xE9, Dword((uint)(start - (_code.Count + 5))));

        _code.CopyTo(image, FlatCode);
        image[0] = 0xE9;
        Put(image, 1, (uint)(FlatCode + start - 5));
        for (var vector = 0; vector < 256; vector++)
        {
            var handler = FlatBase + FlatCode + (uint)(vector < 32 ? exception : interrupt);
            Put(image, (int)(Tables - FlatBase) + vector * 8, 0x0008_0000 | (handler & 0xFFFF));
            Put(image, (int)(Tables - FlatBase) + vector * 8 + 4, (handler & 0xFFFF_0000) | 0x8E00);
        }
        PutRegister(image, 0, Tables, 0x7FF);
        PutRegister(image, 8, Globals, 0x17);
        Put(image, (int)(Globals - FlatBase) + 8, 0x0000_FFFF);
        Put(image, (int)(Globals - FlatBase) + 12, 0x00CF_9B00);
        Put(image, (int)(Globals - FlatBase) + 16, 0x0000_FFFF);
        Put(image, (int)(Globals - FlatBase) + 20, 0x00CF_9300);
        return image;
    }

    /// <summary>A program that is entered in real mode at its first byte; all vectors lead to a handler that ends interrupts.</summary>
    public byte[] Real()
    {
        // CLI; CLD; XOR AX, AX; MOV ES, AX; XOR DI, DI; MOV CX, 256; fill: MOV AX, handler; STOSW; XOR AX, AX; STOSW; LOOP fill.
        const ushort handler = (ushort)RealBase + 0x40;
        Emit(0xFA, 0xFC, 0x31, 0xC0, 0x8E, 0xC0, 0x31, 0xFF, 0xB9, 0x00, 0x01, 0xB8, handler & 0xFF, handler >> 8, 0xAB, 0x31, 0xC0, 0xAB, 0xE2, 0xF6);
        Emit(0xFB, 0xEB, (byte)(0x60 - _code.Count - 3));
        while (_code.Count < 0x40)
            _code.Add(0x90);
        Emit(0x50, 0xB0, 0x20, 0xE6, 0x20, 0xE6, 0xA0, 0x58, 0xCF);
        while (_code.Count < 0x60)
            _code.Add(0x90);
        for (var i = 0; i < Operations; i++)
            RealOperation();
        Emit(0xFB, 0xE9, (byte)(0x60 - (_code.Count + 4)), (byte)((0x60 - (_code.Count + 4)) >> 8));
        var image = new byte[RealSize];
        _code.CopyTo(image, 0);
        return image;
    }

    private void Operation()
    {
        switch (random.Below(20))
        {
            case < 9:
                // MOV EDX, port; MOV EAX, value; IN or OUT.
                Emit(0xBA, Dword(Port()), 0xB8, Dword((uint)random.Edgy()));
                Emit(random.Pick<object[]>([0xEE], [0xEE], [0xEE], [0x66, 0xEF], [0xEF], [0xEC], [0xEC], [0x66, 0xED], [0xED]));
                break;
            case < 14:
                var (first, length) = random.Pick<(uint, int)>(HostilePorts.Memory);
                var address = first + (uint)random.Below(length);
                if (random.Chance(75))
                    address &= ~0xFu;
                // MOV EAX, value; MOV moffs, EAX or AX, or MOV EAX, moffs.
                Emit(0xB8, Dword((uint)random.Edgy()));
                Emit(random.Pick<object[]>([0xA3], [0xA3], [0xA3], [0x66, 0xA3], [0xA2], [0xA1], [0xA0]));
                Emit(Dword(address));
                break;
            case < 16:
                var (register, count) = random.Pick<(uint, int)>(HostilePorts.Registers);
                // MOV ECX, register; MOV EAX; MOV EDX; WRMSR or RDMSR.
                Emit(0xB9, Dword(random.Chance(90) ? register + (uint)random.Below(count) : (uint)random.Edgy()),
                    0xB8, Dword((uint)random.Edgy()), 0xBA, Dword(random.Chance(70) ? 0 : (uint)random.Edgy()), 0x0F, (byte)random.Pick(0x30, 0x32));
                break;
            case 16:
                FirmwareDma();
                break;
            case 17:
                // MOV ECX, count; MOV EDI, address; MOV EDX, port; REP INSB, OUTSB or STOSB.
                Emit(0xB9, Dword(random.Chance(90) ? (uint)random.Below(64) : (uint)random.Edgy()), 0xBF,
                    Dword(random.Chance(80) ? 0x20_0000u : (uint)random.Edgy()), 0x89, 0xFE, 0xBA, Dword(Port()), 0xF3, (byte)random.Pick(0x6C, 0x6E, 0xAA, 0xA4));
                break;
            case 18 when random.Chance(15):
                Emit(0xFB, 0xF4);
                break;
            case 18:
                Emit(random.Pick<object[]>([0xFB], [0xFA, 0x90, 0xFB], [0xF3, 0x90], [0x0F, 0xA2], [0xCD, (byte)random.Below(256)], [0x0F, 0x31]));
                break;
            default:
                ProgramTimer();
                break;
        }
    }

    private void RealOperation()
    {
        if (random.Chance(5))
            ProgramTimer();
        else if (random.Chance(3))
            Emit(0xFB, random.Chance(30) ? (byte)0xF4 : (byte)0x90);
        var port = Port();
        var value = (uint)random.Edgy();
        // MOV DX, port; MOV EAX, value; IN or OUT.
        Emit(0xBA, (byte)port, (byte)(port >> 8), 0x66, 0xB8, Dword(value));
        Emit(random.Pick<object[]>([0xEE], [0xEE], [0xEE], [0xEF], [0x66, 0xEF], [0xEC], [0xEC], [0xED], [0x66, 0xED]));
    }

    /// <summary>The interval timer at a high rate, unmasked at the PIC.</summary>
    private void ProgramTimer() => Emit(0xB0, 0x34, 0xE6, 0x43, 0xB0, (byte)random.Below(256), 0xE6, 0x40, 0xB0, (byte)random.Below(4), 0xE6, 0x40,
        0xB0, (byte)(random.Next() & 0xFE), 0xE6, 0x21, 0xFB);

    /// <summary>A transfer of the firmware configuration device with a random command.</summary>
    private void FirmwareDma()
    {
        var control = random.Pick<uint>(0x02, 0x08, 0x0A, 0x04, 0x10, 0x18) | (uint)random.Pick<int>(0x00, 0x01, 0x19, 0x20, 0x21, 0x22, 0x23, random.Below(0x1_0000)) << 16;
        var target = random.Below(4) switch { 0 => random.Edgy(), 1 => FlatBase + (ulong)random.Below(0x8000), _ => 0x30_0000UL + (ulong)random.Below(0x1000) };
        // Big-endian: control, length, address.
        uint[] command = [control, random.Chance(90) ? (uint)random.Below(0x2000) : (uint)random.Edgy(), (uint)(target >> 32), (uint)target];
        for (var i = 0; i < 4; i++)
            Emit(0xC7, 0x05, Dword(DmaCommand + (uint)i * 4), Dword(BinaryPrimitives.ReverseEndianness(command[i])));
        Emit(0xBA, Dword(0x518), 0xB8, Dword(BinaryPrimitives.ReverseEndianness(random.Chance(90) ? DmaCommand : (uint)random.Edgy())), 0xEF);
    }

    private uint Port()
    {
        if (random.Chance(10))
            return (uint)random.Below(0x1_0000);
        var (first, count) = random.Pick<(int, int)>(HostilePorts.Ports);
        // What resets or switches off is asked for now and then only.
        return first is 0x92 or 0xCF8 or 0x600 or 0xB000 or 0x64 or 0x501 && !random.Chance(15)
            ? 0x40u + (uint)random.Below(4) : (uint)(first + random.Below(count));
    }

    /// <summary>Appends bytes; numbers are single bytes, arrays several.</summary>
    /// <returns>Where they begin.</returns>
    private int Emit(params object[] parts)
    {
        var at = _code.Count;
        foreach (var part in parts)
        {
            if (part is byte[] bytes)
                _code.AddRange(bytes);
            else
                _code.Add(part is byte single ? single : (byte)(int)part);
        }
        return at;
    }

    private static byte[] Dword(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static void Put(byte[] image, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), value);

    private static void PutRegister(byte[] image, int at, uint table, ushort limit)
    {
        var place = (int)(TableRegisters - FlatBase) + at;
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(place), limit);
        Put(image, place + 2, table);
    }
}
