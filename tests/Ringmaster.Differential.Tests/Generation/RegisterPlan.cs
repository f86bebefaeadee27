using Iced.Intel;
using Ringmaster.Differential.Tests.Native;

namespace Ringmaster.Differential.Tests.Generation;

/// <summary>
/// Which general registers still hold what they held at the start, while a sequence is being made: memory operands are
/// formed from those, so that they lead where they should.
/// </summary>
internal sealed class RegisterPlan
{
    private readonly InstructionInfoFactory _info = new();
    private readonly int[] _known = new int[16];
    private int _knownCount;
    private RegisterFrame _frame;
    private uint _isKnown;

    /// <summary>Starts a sequence.</summary>
    public void Start(in RegisterFrame frame, bool is32Bit)
    {
        _frame = frame;
        _isKnown = is32Bit ? 0xFFu : 0xFFFF;
        Recount();
    }

    /// <summary>A register whose value is known; -1 if there is none.</summary>
    public int Pick(Dice dice) => _knownCount == 0 ? -1 : _known[dice.Below(_knownCount)];

    /// <summary>A register that certainly points into mapped memory; -1 if none was found.</summary>
    public int PickPointer(Dice dice)
    {
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var register = Pick(dice);
            if (register >= 0 && ValueOf(register) - AddressSpace.Data < 0x6000)
                return register;
        }
        return -1;
    }

    /// <summary>The value of a known register.</summary>
    public ulong ValueOf(int register) => _frame.General[register];

    /// <summary>Takes an instruction's results into account.</summary>
    public void Follow(in Instruction instruction)
    {
        var before = _isKnown;
        foreach (var used in _info.GetInfo(instruction).GetUsedRegisters())
        {
            if (used.Access is OpAccess.Read or OpAccess.CondRead or OpAccess.NoMemAccess or OpAccess.None || !used.Register.IsGPR())
                continue;
            // Pushes, pops and string instructions move their pointers by little.
            var register = used.Register.GetFullRegister();
            if (instruction.IsStackInstruction && register == Register.RSP)
                continue;
            if (instruction.IsStringInstruction && register is Register.RSI or Register.RDI)
                continue;
            _isKnown &= ~(1u << register.GetNumber());
        }
        if (before != _isKnown)
            Recount();
    }

    private void Recount()
    {
        _knownCount = 0;
        for (var i = 0; i < 16; i++)
        {
            if ((_isKnown >> i & 1) != 0)
                _known[_knownCount++] = i;
        }
    }
}
