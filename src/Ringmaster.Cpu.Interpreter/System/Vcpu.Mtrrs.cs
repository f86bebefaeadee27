namespace Ringmaster.Cpu.Interpreter.Execution;

/// <summary>Memory type range registers and memory types (SDM 3A 11.11, 11.12). They are kept and checked; memory is always coherent.</summary>
internal unsafe partial class Vcpu
{
    private MsrAccess WriteMtrr(uint index, ulong value)
    {
        switch (index)
        {
            case MsrIndex.MtrrCapabilities:
                return MsrAccess.Refused;
            case >= MsrIndex.FirstVariableMtrr and <= MsrIndex.LastVariableMtrr:
                var isMask = (index & 1) != 0;
                var beyondMemory = ulong.MaxValue << Features.PhysicalAddressBits;
                // A mask has a valid bit at 11; a base has a type in bits 0 to 7.
                var legal = isMask
                    ? (value & (beyondMemory | 0x7FF)) == 0
                    : (value & (beyondMemory | 0xF00)) == 0 && IsMemoryType((byte)value);
                return Set(ref Msr.MtrrVariable[(int)(index - MsrIndex.FirstVariableMtrr)], value, legal);
            case MsrIndex.MtrrDefaultType:
                return Set(ref Msr.MtrrDefaultType, value, (value & ~0xCFFUL) == 0 && IsMemoryType((byte)value));
        }
        var slot = FixedMtrr(index);
        return slot < 0 ? MsrAccess.Elsewhere : Set(ref Msr.MtrrFixed[slot], value, AreTypes(value, isPat: false));
    }

    private static bool AreTypes(ulong value, bool isPat)
    {
        for (var i = 0; i < 8; i++)
        {
            var type = (byte)(value >> (8 * i));
            // Only the PAT knows UC-.
            if (!IsMemoryType(type) && !(isPat && type == 7))
                return false;
        }
        return true;
    }

    // UC, WC, WT, WP, WB.
    private static bool IsMemoryType(byte type) => type is 0 or 1 or 4 or 5 or 6;
}
