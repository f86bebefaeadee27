using Ringmaster.Host.UserMode;

namespace Ringmaster.Audit.Native;

/// <summary>Executes instructions of the audit on this host's processor.</summary>
internal sealed class NativeProcessor
{
    private readonly UserModeProcessor _processor = new();

    /// <summary>Executes an instruction.</summary>
    internal Outcome Execute(AuditedInstruction instruction)
    {
        var outcome = _processor.Execute(start => AssembledInstruction.Of(instruction, start).Bytes);
        return outcome.Vector is { } vector
            ? Outcome.Traps(vector, ExceptionVector.HasError(vector) ? outcome.Error : null)
            : Outcome.Runs(outcome.Value);
    }
}
