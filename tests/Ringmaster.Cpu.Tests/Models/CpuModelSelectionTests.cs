using Ringmaster.Cpu.Models;

namespace Ringmaster.Cpu.Tests.Models;

public sealed class CpuModelSelectionTests
{
    [Theory]
    [InlineData("x86-64-v3", "x86-64-v3")]
    [InlineData("X86-64-V3", "x86-64-v3")]
    [InlineData("epyc-milan,+avx-vnni,-x2apic", "EPYC-Milan,+avx-vnni,-x2apic")]
    [InlineData(" host , -SSE4_2 ", "host,-sse4.2")]
    [InlineData("Broadwell-Server,-rdctl-no", "Broadwell-Server,-rdctl-no")]
    public void Choices_are_read(string text, string canonical) => Assert.Equal(canonical, CpuModelSelection.Parse(text).ToString());

    [Theory]
    [InlineData("", "A CPU model is missing; there are x86-64-v1, x86-64-v2, x86-64-v3, Broadwell-Server, EPYC-Milan, host.")]
    [InlineData("EPYC-Milano", "There is no CPU model 'EPYC-Milano'. Did you mean 'EPYC-Milan'?")]
    [InlineData("x86-64-v4", "There is no CPU model 'x86-64-v4'. Did you mean 'x86-64-v1'?")]
    [InlineData("z80", "There is no CPU model 'z80'; there are x86-64-v1, x86-64-v2, x86-64-v3, Broadwell-Server, EPYC-Milan, host.")]
    [InlineData("host,+avx3", "There is no CPU feature 'avx3'. Did you mean 'avx'?")]
    [InlineData("host,+bananas", "There is no CPU feature 'bananas'.")]
    [InlineData("host,avx2", "'avx2' is neither +feature nor -feature.")]
    [InlineData("host,", "'' is neither +feature nor -feature.")]
    [InlineData("host,+", "'+' is neither +feature nor -feature.")]
    [InlineData("host,+avx2,-avx2", "CPU feature 'avx2' is given twice.")]
    [InlineData("host,+osxsave", "CPU feature 'osxsave' cannot be chosen: it follows CR4.OSXSAVE; choose xsave instead.")]
    public void Errors_are_sentences(string text, string error)
    {
        var parsed = CpuModelSelection.TryParse(text, out var selection, out var errors);

        Assert.False(parsed);
        Assert.Null(selection);
        Assert.Equal([error], errors);
    }

    [Fact]
    public void All_errors_are_reported_together()
    {
        var exception = Assert.Throws<FormatException>(() => CpuModelSelection.Parse("hots,+avx22,sse"));

        Assert.Equal(3, exception.Message.Split('\n').Length);
    }
}
