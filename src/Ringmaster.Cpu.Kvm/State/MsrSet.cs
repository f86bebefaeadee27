using System.Collections.Frozen;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.State;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.State;

/// <summary>
/// The model-specific registers that the kernel keeps for a guest: those of the canonical state that its CPU model has, and a few
/// without state. Accesses to all others are exits, as with other engines.
/// </summary>
internal sealed class MsrSet
{
    /// <summary>Registers without state of interfaces for guests (TLFS, appendix on MSRs), by the feature with which they exist.</summary>
    private static readonly (string Feature, uint[] Registers)[] s_paravirtual =
    [
        ("hv-vp-index", [0x4000_0002]),
        ("hv-time-ref-count", [0x4000_0020]),
        ("hv-frequency-access", [0x4000_0022, 0x4000_0023]),
        ("hv-apic", [0x4000_0070, 0x4000_0071, 0x4000_0072]),
        ("hv-synic", [0x4000_0081, 0x4000_0084]),
    ];

    private const uint TimeStamp = 0x10, PredictionCommand = 0x49, MtrrCapabilities = 0xFE, FlushCommand = 0x10B, Efer = 0xC000_0080,
        FsBase = 0xC000_0100, GsBase = 0xC000_0101, ApicBase = 0x1B, TscDeadline = 0x6E0, X2ApicFirst = 0x800, X2ApicCount = 0x100;

    private readonly MsrField[] _fields;
    private readonly MsrField[] _missing;
    private readonly KvmMsr[] _buffer;
    private readonly ParavirtualMsrs _paravirtual;

    private MsrSet(IEnumerable<MsrField> fields, IEnumerable<MsrField> missing, ParavirtualMsrs paravirtual, IEnumerable<uint> others)
    {
        _fields = [.. fields];
        _missing = [.. missing];
        _paravirtual = paravirtual;
        _buffer = new KvmMsr[_fields.Length];
        Kept = _fields.Select(f => f.Index).Concat(paravirtual.Registers.Select(r => r.Index)).Concat(others).ToFrozenSet();
    }

    /// <summary>The registers that the kernel keeps.</summary>
    public IReadOnlySet<uint> Kept { get; }

    /// <summary>The registers that a CPU model has.</summary>
    /// <param name="model">The model.</param>
    /// <param name="hasApic">Whether the kernel has the local APIC with its registers, which are not part of a vCPU's state.</param>
    public static MsrSet For(CpuidTable model, bool hasApic = false)
    {
        var hasMtrrs = Bit(model[1, 0].Edx, 12);
        var isLong = Bit(model[0x8000_0001, 0].Edx, 29);
        var hasSyscall = Bit(model[0x8000_0001, 0].Edx, 11);
        var hasNx = Bit(model[0x8000_0001, 0].Edx, 20);
        // Leaves that announce IBRS, STIBP, SSBD or PSFD: Intel's and AMD's.
        var hasSpecControl = (model[7, 0].Edx >> 26 & 0x23) != 0 || (model[0x8000_0008, 0].Ebx >> 14 & 0x4403) != 0;
        var hasIbpb = hasSpecControl || Bit(model[0x8000_0008, 0].Ebx, 12);
        var hasTscAux = Bit(model[0x8000_0001, 0].Edx, 27) || Bit(model[7, 0].Ecx, 22);

        var fields = MsrField.All.Where(field => field.Group switch
        {
            MsrGroup.TscAdjust => Bit(model[7, 0].Ebx, 1),
            MsrGroup.SpecControl => hasSpecControl,
            MsrGroup.MiscEnable => !model.IsAmd,
            MsrGroup.Xss => Bit(model[0xD, 1].Eax, 3),
            MsrGroup.Syscall => hasSyscall,
            MsrGroup.LongMode => isLong,
            MsrGroup.TscAux => hasTscAux,
            MsrGroup.Pat => Bit(model[1, 0].Edx, 16),
            MsrGroup.Mtrr => hasMtrrs,
            _ => true,
        });
        return new(fields, [], ParavirtualMsrs.For(model), Others());

        IEnumerable<uint> Others()
        {
            yield return TimeStamp;
            if (hasIbpb)
                yield return PredictionCommand;
            if (Bit(model[7, 0].Edx, 28))
                yield return FlushCommand;
            if (hasMtrrs)
                yield return MtrrCapabilities;
            if (hasSyscall || isLong || hasNx)
                yield return Efer;
            if (isLong)
            {
                yield return FsBase;
                yield return GsBase;
            }
            foreach (var index in s_paravirtual.Where(p => model.Has(CpuFeatureCatalog.Get(p.Feature))).SelectMany(p => p.Registers))
                yield return index;
            if (!hasApic)
                yield break;
            yield return ApicBase;
            if (Bit(model[1, 0].Ecx, 24))
                yield return TscDeadline;
            // The kernel does not ask the filter about these, but may refuse an access.
            for (var index = X2ApicFirst; index < X2ApicFirst + X2ApicCount; index++)
                yield return index;
        }

        static bool Bit(uint register, int bit) => (register >> bit & 1) != 0;
    }

    /// <summary>Those of these registers that the kernel really keeps on this host, found by trying.</summary>
    /// <param name="vcpu">A new vCPU, which knows its CPUID.</param>
    public MsrSet KnownTo(KvmVcpu vcpu)
    {
        var known = _fields.ToLookup(field => IsKnown(vcpu, field.Index));
        return new(known[true], known[false], _paravirtual, Kept.Except(_fields.Select(f => f.Index)));
    }

    /// <summary>Reads the registers.</summary>
    /// <exception cref="KvmException">The kernel refused.</exception>
    public void Export(KvmVcpu vcpu, CpuState state)
    {
        Export(vcpu, ref state.Msr);
        state.Paravirtual = _paravirtual.Export(vcpu);
    }

    /// <summary>Writes the registers.</summary>
    /// <param name="vcpu">The vCPU.</param>
    /// <param name="isFirst">It is the first of its machine, whose values count for registers that all share.</param>
    /// <param name="state">The state.</param>
    /// <exception cref="KvmException">The kernel refused a value.</exception>
    /// <exception cref="StateRefusedException">The guest uses an interface that the CPU model lacks.</exception>
    public void Import(KvmVcpu vcpu, bool isFirst, CpuState state)
    {
        Import(vcpu, ref state.Msr);
        _paravirtual.Import(vcpu, isFirst, ref state.Paravirtual);
    }

    private void Export(KvmVcpu vcpu, ref MsrState state)
    {
        for (var i = 0; i < _fields.Length; i++)
            _buffer[i] = new KvmMsr { Index = _fields[i].Index };
        var count = vcpu.GetMsrs(_buffer);
        if (count < _fields.Length)
            throw new KvmException($"The kernel does not tell the value of MSR {_fields[count].Index:X}.");
        for (var i = 0; i < _fields.Length; i++)
            _fields[i].In(ref state) = _buffer[i].Value;
    }

    private void Import(KvmVcpu vcpu, ref MsrState state)
    {
        foreach (var field in _missing)
        {
            if (field.In(ref state) is var value and not 0)
                throw new KvmException($"The host has no MSR {field.Index:X}, so it cannot hold {value:X}.");
        }
        for (var i = 0; i < _fields.Length; i++)
            _buffer[i] = new KvmMsr { Index = _fields[i].Index, Value = _fields[i].In(ref state) };
        var count = vcpu.SetMsrs(_buffer);
        if (count < _fields.Length)
            throw new KvmException($"The kernel refuses {_buffer[count].Value:X} in MSR {_fields[count].Index:X}.");
    }

    // A register may be readable, and yet refuse its own value because the host lacks it.
    private static bool IsKnown(KvmVcpu vcpu, uint index)
    {
        Span<KvmMsr> one = [new KvmMsr { Index = index }];
        return vcpu.GetMsrs(one) == 1 && vcpu.SetMsrs(one) == 1;
    }
}
