using Iced.Intel;
using Ringmaster.Cpu;
using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Interpreter.Decoding;
using Ringmaster.Cpu.Models;

namespace Ringmaster.Coverage.Tests.Instructions;

/// <summary>A CPU model as a guest of the interpreter sees it, and the instructions that it has.</summary>
public sealed class OfferedModel
{
    private readonly InstructionSet _instructionSet;

    private OfferedModel(string name)
    {
        Name = name;
        using var engine = new InterpreterEngine();
        var cpu = CpuResolution.Of(CpuModelSelection.Parse(name), engine.Features).Cpu!;
        Cpuid = cpu.BuildTable(new VcpuTopology(new VcpuIndex(0), 1), ClockRates.WithTsc(1_000_000_000));
        IsAmd = cpu.Model.Vendor == "AuthenticAMD";
        _instructionSet = new InstructionSet(Cpuid);
        Codes = [.. Enum.GetValues<Code>().Where(code => _instructionSet.Has(code) && Exclusions.ReasonFor(code, IsAmd) is null)];
    }

    /// <summary>All models but <c>host</c>, whose content depends on where the test runs.</summary>
    public static IReadOnlyList<OfferedModel> All { get; } =
        [.. CpuModelCatalog.Names.Where(name => name != CpuModelCatalog.HostName).Select(name => new OfferedModel(name))];

    /// <summary>The model's name in the catalog.</summary>
    public string Name { get; }

    /// <summary>An AMD processor, which differs from Intel's in system calls.</summary>
    public bool IsAmd { get; }

    /// <summary>What CPUID returns.</summary>
    public CpuidTable Cpuid { get; }

    /// <summary>The instructions, each a code of Iced's.</summary>
    public IReadOnlyList<Code> Codes { get; }

    /// <summary>Codes whose feature the model has, but that no bytes decode to.</summary>
    public IEnumerable<Code> Excluded =>
        Enum.GetValues<Code>().Where(code => _instructionSet.Has(code) && Exclusions.ReasonFor(code, IsAmd) is not null);

    /// <summary>Finds a model by name.</summary>
    public static OfferedModel Named(string name) => All.Single(model => model.Name == name);
}
