using Ringmaster.Audit;
using Ringmaster.Audit.Native;
using Ringmaster.Cpu;
using Ringmaster.Machine.Assembly;

namespace Ringmaster.Cli.Audit;

/// <summary>An audit of some engines.</summary>
/// <param name="engines">The engines; the session's to dispose.</param>
internal sealed class AuditSession(IReadOnlyList<IEngine> engines) : IDisposable
{
    /// <summary>Opens engines by their names.</summary>
    internal static AuditSession Open(IReadOnlyList<string> names) => new([.. names.Select(BareEngine.Open)]);

    /// <summary>Carries it out.</summary>
    /// <param name="native">Executes the instructions on the host's processor.</param>
    internal AuditReport Run(Func<NativeAudit> native) => new(native(), [.. engines.Select(EngineAudit.Of)]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var engine in engines)
            engine.Dispose();
    }
}
