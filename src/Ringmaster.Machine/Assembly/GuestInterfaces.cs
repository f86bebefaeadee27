using Ringmaster.Cpu;
using Ringmaster.Cpu.Models;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>The interfaces for guests that know their hypervisor, which are CPU features: what a choice means for an engine.</summary>
internal static class GuestInterfaces
{
    /// <summary>
    /// Those of KVM's by which guests call it. They do so by VMMCALL where CPUID says AMD, and VMCALL elsewhere, and the host's processor
    /// knows one of the two. (The kernel could overwrite the other in the guest's code, which guests do not let be written to.)
    /// </summary>
    private static readonly string[] s_calling = ["kvm-pv-unhalt", "kvm-pv-ipi", "kvm-pv-sched-yield"];

    /// <summary>Adds the interfaces to a choice of CPU, but for those that the user has taken away there.</summary>
    /// <exception cref="MachineSetupException">The engine has none of them, or the CPU model cannot use one that the user has added.</exception>
    public static CpuModelSelection AddTo(CpuModelSelection selection, ParavirtualChoice choice, IEngine engine) =>
        AddTo(selection, choice, engine, HostCpu.IsAmd);

    /// <summary>As above, on a host with a processor of AMD's or another.</summary>
    internal static CpuModelSelection AddTo(CpuModelSelection selection, ParavirtualChoice choice, IEngine engine, bool hostIsAmd)
    {
        var canCall = CpuModelCatalog.Find(selection.Model)!.IsAmd == hostIsAmd;
        if (!canCall && selection.Added.FirstOrDefault(f => s_calling.Contains(f.Name)) is { } calling)
        {
            throw new MachineSetupException($"CPU feature '{calling}' needs a model of the host's vendor, by whose instruction guests call KVM, "
                + $"and '{selection.Model}' is none. Choose --cpu host, or leave +{calling} out.");
        }
        var offered = engine.Features.Features.Where(f => f.Paravirtual is { } one && one == InterfaceOf(choice, selection)
            && (canCall || !s_calling.Contains(f.Name))).ToList();
        if (choice is ParavirtualChoice.Kvm or ParavirtualChoice.HyperV && offered.Count == 0)
            throw new MachineSetupException(Refusal(choice, engine.Name));
        var added = new CpuFeatureSet(offered).Union(OwnOf(selection)).Without(selection.Removed).WithoutUnmetNeeds().Intersect(new CpuFeatureSet(offered));
        return selection with { Added = [.. selection.Added, .. added.Except(selection.Added)] };
    }

    /// <summary>The interface that is meant. Nobody who chooses some features of one gets the rest of the other by default.</summary>
    private static ParavirtualInterface? InterfaceOf(ParavirtualChoice choice, CpuModelSelection selection) => choice switch
    {
        ParavirtualChoice.Kvm => ParavirtualInterface.Kvm,
        ParavirtualChoice.HyperV => ParavirtualInterface.HyperV,
        ParavirtualChoice.Auto when !selection.Added.Any(f => f.Paravirtual is not null) => ParavirtualInterface.Kvm,
        _ => null,
    };

    /// <summary>What interfaces need: the removal of one of these takes away those that need it.</summary>
    private static CpuFeatureSet OwnOf(CpuModelSelection selection) => CpuModelCatalog.Find(selection.Model)!.Features.Union(selection.Added);

    private static string Refusal(ParavirtualChoice choice, string engine)
    {
        var (name, option) = choice == ParavirtualChoice.Kvm ? ("KVM", "--paravirt kvm") : ("Hyper-V", "--hyperv");
        return engine == "kvm"
            ? $"The host's KVM has none of {name}'s interfaces for guests. Leave {option} out."
            : $"The {engine} engine has none of {name}'s interfaces for guests. Choose --engine kvm, or leave {option} out.";
    }
}
