using Ringmaster.Cpu;
using Ringmaster.Cpu.Models;
using Ringmaster.Machine.Configuration;

namespace Ringmaster.Machine.Assembly;

/// <summary>The interfaces for guests that know their hypervisor, which are CPU features: what a choice means for an engine.</summary>
internal static class GuestInterfaces
{
    /// <summary>Adds the interfaces to a choice of CPU, but for those that the user has taken away there.</summary>
    /// <exception cref="MachineSetupException">The engine has none of them.</exception>
    public static CpuModelSelection AddTo(CpuModelSelection selection, ParavirtualChoice choice, IEngine engine)
    {
        var offered = engine.Features.Features.Where(f => f.Paravirtual is { } one && one == InterfaceOf(choice, selection)).ToList();
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
