using Ringmaster.Machine.Configuration;
using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Machine.Tests.Configuration;

public sealed class ParavirtualTests
{
    [Theory]
    [InlineData("", ParavirtualChoice.Auto)]
    [InlineData("paravirt=kvm", ParavirtualChoice.Kvm)]
    [InlineData("paravirt=none", ParavirtualChoice.None)]
    [InlineData("hyperv=on", ParavirtualChoice.HyperV)]
    [InlineData("hyperv=off", ParavirtualChoice.Auto)]
    [InlineData("hyperv=on paravirt=none", ParavirtualChoice.HyperV)]
    public void A_guest_finds_what_is_asked_for(string text, ParavirtualChoice expected)
    {
        var set = Read(text);

        Assert.Empty(set.Errors.Concat(set.Options.Conflicts()));
        Assert.Equal(expected, set.Options.Complete("/unused").Paravirtual);
    }

    [Theory]
    [InlineData("paravirt=xen", "There is no hypervisor's interface \"xen\". Choose from kvm, none.")]
    [InlineData("hyperv=maybe", "\"maybe\" does not say whether hyperv is wanted. Write only hyperv, or hyperv=off.")]
    [InlineData("hyperv=on paravirt=kvm", "A guest sees one hypervisor, KVM or Hyper-V. Leave --hyperv or --paravirt kvm out.")]
    public void What_cannot_be_is_refused(string text, string message)
    {
        var set = Read(text);

        Assert.Equal([message], set.Errors.Concat(set.Options.Conflicts()).Select(e => e.Message));
    }

    private static OptionSet Read(string text)
    {
        var set = new OptionSet(new OptionText("/"));
        foreach (var option in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=')))
            set.Set(option[0], option[1], option[0]);
        return set;
    }
}
