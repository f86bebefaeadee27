namespace Ringmaster.Devices.Apic;

/// <summary>Whom an interrupt message is for (SDM 3A 11.6.2).</summary>
/// <param name="Id">A physical APIC ID or a logical destination.</param>
/// <param name="IsLogical">Whether <paramref name="Id"/> is matched against logical destination registers.</param>
/// <param name="IsWide">
/// Whether all 32 bits are meant, as in an x2APIC's ICR; otherwise the broadcast destination is FFh, as in xAPIC IPIs, I/O
/// APIC entries and MSIs.
/// </param>
public readonly record struct ApicDestination(uint Id, bool IsLogical, bool IsWide = false)
{
    /// <summary>Whether every local APIC is meant.</summary>
    public bool IsBroadcast => Id == (IsWide ? uint.MaxValue : 0xFF);
}
