using Ringmaster.Cpu.Models;

namespace Ringmaster.Machine.Running;

/// <summary>One vCPU's values of the model-specific registers that its CPU model has and that neither engine nor device keeps.</summary>
/// <param name="table">The model's registers.</param>
internal sealed class ModelMsrs(MsrTable table)
{
    private readonly Dictionary<uint, ulong> _values = [];

    /// <summary>RDMSR.</summary>
    /// <returns>False for #GP.</returns>
    public bool TryRead(uint msr, out ulong value) => table.TryRead(msr, out value) && (!_values.TryGetValue(msr, out var own) || (value = own) == own);

    /// <summary>WRMSR.</summary>
    /// <returns>False for #GP.</returns>
    public bool TryWrite(uint msr, ulong value)
    {
        var current = _values.TryGetValue(msr, out var own) ? own : table.Registers.GetValueOrDefault(msr)?.Value ?? 0;
        if (!table.TryWrite(msr, current, value, out var stored))
            return false;
        if (stored != current)
            _values[msr] = stored;
        return true;
    }

    /// <summary>Back to the values after reset.</summary>
    public void Reset() => _values.Clear();
}
