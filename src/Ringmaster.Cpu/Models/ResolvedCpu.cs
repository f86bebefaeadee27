namespace Ringmaster.Cpu.Models;

/// <summary>The CPU that a guest sees: a model with exactly the features that it will have.</summary>
public sealed class ResolvedCpu
{
    internal ResolvedCpu(CpuModel model, CpuFeatureSet features, EngineFeatures engine)
    {
        Model = model;
        Features = features;
        Xsave = engine.Xsave.For(features);
        PhysicalAddressBits = Math.Min(model.PhysicalAddressBits, engine.PhysicalAddressBits);
        LinearAddressBits = features.Contains("la57") ? 57 : model.LinearAddressBits;
        Msrs = MsrTable.For(model, features);
    }

    /// <summary>The model that it started from.</summary>
    public CpuModel Model { get; }

    /// <summary>All features, without those that follow the machine's state or shape.</summary>
    public CpuFeatureSet Features { get; }

    /// <summary>The state components that XSAVE knows, and their places.</summary>
    public XsaveLayout Xsave { get; }

    /// <summary>MAXPHYADDR.</summary>
    public int PhysicalAddressBits { get; }

    /// <summary>Bits of a linear address, 48 or 57.</summary>
    public int LinearAddressBits { get; }

    /// <summary>The model-specific registers that no engine or device owns.</summary>
    public MsrTable Msrs { get; }

    /// <summary>What CPUID returns on one of the vCPUs.</summary>
    public CpuidTable BuildTable(VcpuTopology topology, ClockRates clocks) => new CpuidTableBuilder(this, topology, clocks).Build();
}
