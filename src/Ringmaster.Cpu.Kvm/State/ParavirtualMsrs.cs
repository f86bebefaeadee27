using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.State;

/// <summary>Those registers of interfaces for guests that a CPU model has.</summary>
internal sealed class ParavirtualMsrs
{
    private readonly ParavirtualRegister[] _registers;
    private readonly ParavirtualRegister[] _absent;

    private ParavirtualMsrs(IEnumerable<ParavirtualRegister> registers)
    {
        _registers = [.. registers];
        _absent = [.. ParavirtualRegister.All.Except(_registers)];
    }

    /// <summary>The registers.</summary>
    public IReadOnlyList<ParavirtualRegister> Registers => _registers;

    /// <summary>The registers that a CPU model has.</summary>
    public static ParavirtualMsrs For(CpuidTable model) => new(ParavirtualRegister.All.Where(r => model.Has(CpuFeatureCatalog.Get(r.Feature))));

    /// <summary>Reads the registers.</summary>
    /// <exception cref="KvmException">The kernel refused.</exception>
    public ParavirtualState Export(KvmVcpu vcpu)
    {
        var state = default(ParavirtualState);
        var values = Array.ConvertAll(_registers, r => new KvmMsr { Index = r.Index });
        var count = values.Length == 0 ? 0 : vcpu.GetMsrs(values);
        if (count < values.Length)
            throw new KvmException($"The kernel does not tell the value of {_registers[count]}.");
        for (var i = 0; i < values.Length; i++)
            _registers[i].In(ref state) = values[i].Value == _registers[i].AtPowerUp ? 0 : values[i].Value;
        return state;
    }

    /// <summary>Writes the registers.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="isFirst">Whether the registers that all vCPUs share are its to set.</param>
    /// <param name="state">The values.</param>
    /// <exception cref="KvmException">The kernel refused a value.</exception>
    /// <exception cref="StateRefusedException">The guest uses a register that is not there.</exception>
    public void Import(KvmVcpu vcpu, bool isFirst, ref ParavirtualState state)
    {
        foreach (var register in _absent)
        {
            if (register.In(ref state) != 0)
                throw StateRefusedException.For("kvm", register);
        }
        var mine = Array.FindAll(_registers, r => isFirst || !r.IsShared);
        var values = new KvmMsr[mine.Length];
        for (var i = 0; i < mine.Length; i++)
            values[i] = new KvmMsr { Index = mine[i].Index, Value = mine[i].In(ref state) is var value and not 0 ? value : mine[i].AtPowerUp };
        var count = values.Length == 0 ? 0 : vcpu.SetMsrs(values);
        if (count < values.Length)
            throw new KvmException($"The kernel refuses {values[count].Value:X} in {mine[count]}.");
    }
}
