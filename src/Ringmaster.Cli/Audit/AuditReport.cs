using Ringmaster.Audit;
using Ringmaster.Audit.Native;

namespace Ringmaster.Cli.Audit;

/// <summary>What the audit found.</summary>
/// <param name="Native">On this host's processor, in user mode.</param>
/// <param name="Engines">In guests, by engine.</param>
internal sealed record AuditReport(NativeAudit Native, IReadOnlyList<EngineAudit> Engines)
{
    /// <summary>Whether all engines are faithful.</summary>
    internal bool IsFaithful => Engines.All(engine => engine.IsFaithful);

    /// <summary>The sensitive instructions that do not trap here: those which trap-and-emulate alone would miss.</summary>
    internal IReadOnlyList<string> Untrapped =>
        [.. Native.Findings.Where(f => f.Key.Kind == InstructionKind.Sensitive && !f.Value.Traps).Select(f => f.Key.Name)];
}
