using System.Globalization;
using Iced.Intel;
using Ringmaster.Differential.Tests.Cases;
using Ringmaster.Differential.Tests.Engine;

namespace Ringmaster.Differential.Tests.Comparison;

/// <summary>A case that ended differently in two places, and how: what rules look at that tell whether it may.</summary>
/// <param name="test">The case.</param>
/// <param name="host">How it ended on the host.</param>
/// <param name="engine">How it ended in the engine.</param>
/// <param name="addresses">The address of each instruction, and that of the end.</param>
/// <param name="before">The quadword at an address as it was before the case.</param>
internal sealed class DifferenceContext(TestCase test, Outcome host, Outcome engine, IReadOnlyList<ulong> addresses, Func<ulong, ulong> before)
{
    private const ulong StackFault = 12, GeneralProtection = 13, PageFault = 14;

    /// <summary>The case.</summary>
    public TestCase Test => test;

    /// <summary>How it ended on the host.</summary>
    public Outcome Host => host;

    /// <summary>How it ended in the engine.</summary>
    public Outcome Engine => engine;

    /// <summary>The instruction at which the host stopped by a fault.</summary>
    public FaultingInstruction? AtHost { get; } = FaultingInstruction.Find(test, host.Registers, addresses);

    /// <summary>The instruction at which the engine stopped by a fault.</summary>
    public FaultingInstruction? AtEngine { get; } = FaultingInstruction.Find(test, engine.Registers, addresses);

    /// <summary>The last instruction, if the host has got behind it.</summary>
    public FaultingInstruction? Completed { get; } =
        // INT3 is one byte long, so its trap points one beyond the end.
        test.Instructions.Count > 0 && (host.Registers.Rip == addresses[^1] || host.Registers.Rip == addresses[^1] + 1)
            ? FaultingInstruction.Last(test, host.Registers, addresses) : null;

    /// <summary>The address of what follows the instruction at which the host stopped.</summary>
    public ulong NextAddress
    {
        get
        {
            for (var i = 0; i + 1 < addresses.Count; i++)
            {
                if (addresses[i] == host.Registers.Rip)
                    return addresses[i + 1];
            }
            return 0;
        }
    }

    /// <summary>The instruction at an address.</summary>
    public Instruction? InstructionAt(ulong address)
    {
        for (var i = 0; i < test.Instructions.Count; i++)
        {
            if (addresses[i] == address)
                return test.Instructions[i].Instruction;
        }
        return null;
    }

    /// <summary>Whether an outcome is a fault of an access to memory.</summary>
    public static bool IsAddressFault(Outcome outcome) => outcome.Vector is StackFault or GeneralProtection or PageFault;

    /// <summary>The address of the quadword that a difference is in, or null if it is not in memory.</summary>
    public static ulong? AddressOf(FieldDifference difference) =>
        difference.Name is ['[', .. var digits, ']'] ? ulong.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : null;

    /// <summary>A quadword after the case on the host.</summary>
    public ulong AtHostAfter(ulong address) => After(host, address);

    /// <summary>A quadword after the case in the engine.</summary>
    public ulong AtEngineAfter(ulong address) => After(engine, address);

    /// <summary>Whether host and engine differ in a quadword in no bytes but some.</summary>
    /// <param name="address">The quadword's address.</param>
    /// <param name="first">Address of the first byte that may differ.</param>
    /// <param name="length">Bytes that may differ.</param>
    public bool DifferOnlyIn(ulong address, ulong first, int length) =>
        ((AtHostAfter(address) ^ AtEngineAfter(address)) & ~MaskOf(address, first, length)) == 0;

    /// <summary>The bits of a quadword that lie in a range of bytes.</summary>
    public static ulong MaskOf(ulong address, ulong first, int length)
    {
        ulong mask = 0;
        for (var i = 0; i < 8; i++)
        {
            if (address + (ulong)i - first < (ulong)length)
                mask |= 0xFFUL << 8 * i;
        }
        return mask;
    }

    private ulong After(Outcome outcome, ulong address)
    {
        foreach (var change in outcome.Changes)
        {
            if (change.Address == address)
                return change.Value;
        }
        return before(address);
    }
}
