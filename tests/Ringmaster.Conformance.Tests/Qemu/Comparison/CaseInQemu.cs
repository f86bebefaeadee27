using Iced.Intel;
using Ringmaster.Conformance.Tests.Harness;

namespace Ringmaster.Conformance.Tests.Qemu.Comparison;

/// <summary>A case on its way into QEMU.</summary>
/// <param name="Row">The case.</param>
/// <param name="Before">The guest that QEMU is to run.</param>
/// <param name="Ours">The guest after its run here.</param>
internal sealed record CaseInQemu(Case Row, Guest Before, Guest Ours)
{
    private readonly IReadOnlyList<Instruction> _instructions = Decode(Before);

    /// <summary>The number that the case's RDMSR or WRMSR gets.</summary>
    public uint ModelSpecificRegister => (uint)Before.Rcx;

    public bool Ends(Ending ending) => Ours.Ending == ending;

    public bool Uses(params ReadOnlySpan<Mnemonic> mnemonics)
    {
        foreach (var instruction in _instructions)
        {
            if (mnemonics.Contains(instruction.Mnemonic))
                return true;
        }
        return false;
    }

    private static List<Instruction> Decode(Guest guest)
    {
        var code = guest.Memory.AsSpan((int)Layout.Code, (int)(guest.End - guest.Start)).ToArray();
        var decoder = Decoder.Create(guest.Mode.Bits(), code, guest.Start);
        var instructions = new List<Instruction>();
        while (decoder.IP < guest.End)
            instructions.Add(decoder.Decode());
        return instructions;
    }
}
