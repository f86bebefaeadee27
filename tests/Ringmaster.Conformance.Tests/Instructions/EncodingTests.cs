using Ringmaster.Conformance.Tests.Harness;

namespace Ringmaster.Conformance.Tests.Instructions;

/// <summary>Encodings that are invalid, reserved, too long, or locked where nothing can be (SDM 2A 2.1, 2.3.11, LOCK).</summary>
public sealed class EncodingTests
{
    private static readonly CaseTable s_cases = new(
        Undefined("LOCK ADD to a register", 0xF0, 0x01, 0xC8),
        Undefined("LOCK MOV", 0xF0, 0x89, 0x05, 0x00, 0xA0, 0x00, 0x00),
        Undefined("LOCK CMP", 0xF0, 0x39, 0x05, 0x00, 0xA0, 0x00, 0x00),
        Undefined("LOCK ADD with a memory source", 0xF0, 0x03, 0x05, 0x00, 0xA0, 0x00, 0x00),
        Undefined("LOCK NOP", 0xF0, 0x90),
        Undefined("LOCK BT", 0xF0, 0x0F, 0xA3, 0x05, 0x00, 0xA0, 0x00, 0x00),
        Undefined("LOCK INC of a register", 0xF0, 0xFF, 0xC0),
        Undefined("LOCK MOVS", 0xF0, 0xA4),
        Undefined("LOCK PUSHF", 0xF0, 0x9C),
        Undefined("LOCK CPUID", 0xF0, 0x0F, 0xA2),
        Undefined("LOCK UD2", 0xF0, 0x0F, 0x0B),
        Undefined("LOCK CMPXCHG of a register", 0xF0, 0x0F, 0xB1, 0xC8),
        Undefined("CMPXCHG8B of a register", 0x0F, 0xC7, 0xC8),
        Undefined("LEA of a register", 0x8D, 0xC0),
        Undefined("LGDT of a register", 0x0F, 0x01, 0xD4),
        Undefined("INVLPG of a register", 0x0F, 0x01, 0xFB),
        Undefined("C6 with an extension", 0xC6, 0x08, 0x00),
        Undefined("FF /7", 0xFF, 0xF8),
        Undefined("FE /2", 0xFE, 0xD0),
        Undefined("8F /1", 0x8F, 0xC8, 0x00, 0x00),
        Undefined("0F 04", 0x0F, 0x04),
        Undefined("0F 0A", 0x0F, 0x0A),
        Undefined("0F 24", 0x0F, 0x24, 0xC0),
        Undefined("0F A6", 0x0F, 0xA6, 0xC0),
        Undefined("0F BA /0", 0x0F, 0xBA, 0xC0, 0x01),
        Undefined("0F C7 /0", 0x0F, 0xC7, 0x00),
        Undefined("66 before VEX", 0x66, 0xC5, 0xF8, 0x77),
        Undefined("LOCK before VEX", 0xF0, 0xC5, 0xF8, 0x77),
        Locked("LOCK ADD", 0xF0, 0x01, 0x05, 0x00, 0xA0, 0x00, 0x00),
        Locked("LOCK BTS", 0xF0, 0x0F, 0xAB, 0x05, 0x00, 0xA0, 0x00, 0x00),
        Locked("LOCK XCHG", 0xF0, 0x87, 0x05, 0x00, 0xA0, 0x00, 0x00),
        Locked("LOCK NEG", 0xF0, 0xF7, 0x1D, 0x00, 0xA0, 0x00, 0x00),
        Locked("LOCK CMPXCHG8B", 0xF0, 0x0F, 0xC7, 0x0D, 0x00, 0xA0, 0x00, 0x00),
        Length("fifteen bytes", 14, tooLong: false),
        Length("sixteen bytes", 15, tooLong: true),
        Length("twenty bytes", 19, tooLong: true));

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string engine, string name) => s_cases.Run(engine, name);

    private static IEnumerable<Case> Undefined(string name, params byte[] bytes)
    {
        yield return new($"{name} is undefined", GuestMode.Kernel32, c => c.db(bytes)) { Fault = Vector.InvalidOpcode };
        yield return new($"{name} is undefined for user code", GuestMode.User32, c => c.db(bytes)) { Fault = Vector.InvalidOpcode };
    }

    private static IEnumerable<Case> Locked(string name, params byte[] bytes)
    {
        yield return new($"{name} is allowed", GuestMode.Kernel32, c => c.db(bytes));
        yield return new($"{name} of an operand that crosses pages is allowed", GuestMode.Kernel32,
            c => c.db([.. bytes[..^4], 0xFD, 0xAF, 0x00, 0x00]));
    }

    private static IEnumerable<Case> Length(string name, int prefixes, bool tooLong)
    {
        foreach (var mode in new[] { GuestMode.Real, GuestMode.User32, GuestMode.User64 })
            yield return OfLength($"{name}, {mode}", mode, prefixes, tooLong);
    }

    // Prefixes, then NOP.
    private static Case OfLength(string name, GuestMode mode, int prefixes, bool tooLong)
    {
        var bytes = Enumerable.Repeat((byte)0x3E, prefixes).Append((byte)0x90).ToArray();
        var row = new Case(name, mode, c =>
        {
            for (var i = 0; i < bytes.Length; i += 16)
                c.db(bytes[i..Math.Min(i + 16, bytes.Length)]);
        })
        { At = m => m.Start };
        return tooLong ? row with { Fault = Vector.GeneralProtection, Error = mode == GuestMode.Real ? null : 0 } : row;
    }
}
