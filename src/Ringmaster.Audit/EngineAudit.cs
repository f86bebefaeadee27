using Ringmaster.Audit.Catalog;
using Ringmaster.Audit.Guests;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Models;
using Ringmaster.Memory;

namespace Ringmaster.Audit;

/// <summary>What an engine makes of all instructions of the audit.</summary>
/// <param name="Engine">Its name.</param>
/// <param name="Findings">By instruction, at both levels.</param>
public sealed record EngineAudit(string Engine, IReadOnlyDictionary<AuditedInstruction, IReadOnlyList<Finding>> Findings)
{
    /// <summary>Whether guests see what the manual says, always.</summary>
    public bool IsFaithful => Findings.Values.All(findings => findings.All(finding => finding.IsFaithful));

    /// <summary>Executes all instructions, each in a guest of its own.</summary>
    public static EngineAudit Of(IEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var cpu = AuditCpu.For(engine);
        // Linux switches hardware assist on and off, on all processors, with the first and the last VM that there is.
        using var memory = GuestMemory.Create([new RamRange(new(0), AuditLayout.MemorySize)]);
        using var idle = AuditRun.CreateVcpu(engine, cpu, memory);
        return new(engine.Name, AuditCatalog.Instructions.ToDictionary(instruction => instruction, instruction => Audit(engine, cpu, instruction)));
    }

    private static IReadOnlyList<Finding> Audit(IEngine engine, CpuidTable cpu, AuditedInstruction instruction) =>
        [.. Enum.GetValues<PrivilegeLevel>().Select(level => Audit(engine, cpu, instruction, level))];

    private static Finding Audit(IEngine engine, CpuidTable cpu, AuditedInstruction instruction, PrivilegeLevel level) =>
        AuditCpu.Has(cpu, instruction.Needs) && instruction.At(level, cpu) is { } expected
            ? new(level, expected, AuditRun.Execute(engine, cpu, instruction, level))
            : new(level, null, null);
}
