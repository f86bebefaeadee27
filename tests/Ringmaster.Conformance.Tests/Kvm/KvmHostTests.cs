using Ringmaster.Conformance.Tests.Engines;
using Xunit.Abstractions;

namespace Ringmaster.Conformance.Tests.Kvm;

public sealed class KvmHostTests(ITestOutputHelper output)
{
    [Fact]
    public void Cases_run_on_KVM_exactly_where_it_runs_guests()
    {
        output.WriteLine(EngineUnderTest.KvmProbe.Explanation);

        Assert.Equal(EngineUnderTest.KvmProbe.Works ? 3 : 0, EngineUnderTest.Names.Count(EngineUnderTest.IsKvm));
    }

    [Fact]
    public void Every_excuse_is_about_a_case() => Assert.All(
        KvmExcuse.OfKvm.Concat(KvmExcuse.OfLocalApics).Concat(KvmExcuse.OfEmulatedProcessors).SelectMany(excuse => excuse.Cases),
        pattern => Assert.Contains(Qemu.Comparison.NamedCase.All, named => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, named.Name, ignoreCase: false)));
}
