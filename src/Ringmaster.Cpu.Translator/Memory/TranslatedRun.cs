namespace Ringmaster.Cpu.Translator.Memory;

/// <summary>A translation of one page with the runs of linear addresses around it that lie in one piece in host memory.</summary>
/// <param name="Addend">Host address minus linear address.</param>
/// <param name="ReadStart">First address that may be read.</param>
/// <param name="ReadLength">Bytes that may be read.</param>
/// <param name="WriteStart">First address that may be written directly.</param>
/// <param name="WriteLength">Bytes that may be written directly; 0 if not even the page may.</param>
/// <param name="PageShift">log2 of the size of the page in the guest's tables.</param>
/// <param name="IsGlobal">It came from a global page.</param>
internal readonly record struct TranslatedRun(
    ulong Addend, ulong ReadStart, ulong ReadLength, ulong WriteStart, ulong WriteLength, int PageShift, bool IsGlobal)
{
    /// <summary>Stores to the page may be direct.</summary>
    public bool IsWritable => WriteLength != 0;
}
