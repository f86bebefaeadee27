namespace Ringmaster.Cpu.Models;

/// <summary>A model-specific register that a model has and that no engine or device keeps.</summary>
/// <param name="Index">The number that RDMSR takes in ECX.</param>
/// <param name="Name">The manuals' name; numbered where there are several.</param>
/// <param name="Value">Its value after reset.</param>
/// <param name="Access">What reads and writes do.</param>
/// <param name="Mask">The bits that a write may change, where <paramref name="Access"/> says so.</param>
/// <param name="Source">Where the manuals describe it.</param>
public sealed record MsrDefinition(uint Index, string Name, ulong Value, MsrAccess Access, ulong Mask, string Source)
{
    /// <summary>Whether a vCPU must keep a value of its own, because a write may change it.</summary>
    public bool HasState => Access is MsrAccess.Writable or MsrAccess.WritableLenient && Mask != 0;

    /// <summary>Whether RDMSR may read it; otherwise it raises #GP(0).</summary>
    public bool IsReadable => Access != MsrAccess.WriteOnly;

    /// <summary>What WRMSR does.</summary>
    /// <param name="current">The present value.</param>
    /// <param name="written">EDX:EAX.</param>
    /// <param name="stored">The value from now on; <paramref name="current"/> if nothing changes.</param>
    /// <returns>False if the write raises #GP(0).</returns>
    public bool TryWrite(ulong current, ulong written, out ulong stored)
    {
        stored = Access is MsrAccess.Writable or MsrAccess.WritableLenient ? current & ~Mask | written & Mask : current;
        return Access switch
        {
            MsrAccess.ReadOnly => false,
            MsrAccess.Writable => Keep(stored == written, current, ref stored),
            MsrAccess.ClearOnly => written == 0,
            MsrAccess.WriteOnly => (written & ~Mask) == 0,
            _ => true,
        };
    }

    private static bool Keep(bool allowed, ulong current, ref ulong stored)
    {
        if (!allowed)
            stored = current;
        return allowed;
    }
}
