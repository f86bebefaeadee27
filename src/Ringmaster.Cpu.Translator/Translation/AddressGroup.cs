namespace Ringmaster.Cpu.Translator.Translation;

/// <summary>
/// Memory operands with the same base whose addresses are checked together: once the run of bytes that they span is known to
/// lie in one piece in host memory, each of them is just the guest's address plus a distance in a register.
/// </summary>
/// <param name="Base">Number of the base register.</param>
/// <param name="Index">Number of the index register, or -1.</param>
/// <param name="Scale">The index is shifted left by this.</param>
/// <param name="From">First displacement that has been checked, from the base register's value at the check.</param>
/// <param name="End">Displacement after the last.</param>
/// <param name="Writes">Stores may go there.</param>
internal readonly record struct AddressGroup(int Base, int Index, int Scale, long From, long End, bool Writes)
{
    /// <summary>The address of its first byte, by the registers' values at the check.</summary>
    public GuestAddress First => new(Base, Index, Scale, unchecked((ulong)From), 64, -1);

    /// <summary>Bytes that have been checked.</summary>
    public int Size => (int)(End - From);

    /// <summary>How far the base register has moved since the check.</summary>
    public long Moved { get; init; }

    /// <summary>It is about the stack.</summary>
    public bool IsStack => Base == 4 && Index < 0;

    /// <summary>Whether an access is one of the group.</summary>
    public bool Covers(in GuestAccess access)
    {
        var displacement = Moved + unchecked((long)access.Address.Displacement);
        return access.Address.Base == Base && access.Address.Index == Index && access.Address.Scale == Scale
            && displacement >= From && displacement + access.Size <= End && (Writes || !access.Writes);
    }
}
