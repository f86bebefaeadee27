using Ringmaster.Cpu.Kvm;
using Ringmaster.Machine.Configuration;
using Ringmaster.Machine.Configuration.Reading;

namespace Ringmaster.Machine.Tests.Configuration;

public sealed class EngineTextTests
{
    public static TheoryData<string, EngineConfig> Good => new()
    {
        { "kvm", new(EngineChoice.Kvm) },
        { "kvm,irqchip=user", new(EngineChoice.Kvm) { Irqchip = KvmIrqchip.User } },
        { "kvm,irqchip=kernel", new(EngineChoice.Kvm) { Irqchip = KvmIrqchip.Kernel } },
        { "kvm, irqchip=split, ioeventfd=on", new(EngineChoice.Kvm) { Irqchip = KvmIrqchip.Split, UsesDoorbells = true } },
        { "kvm,ioeventfd=on,ioeventfd=off", new(EngineChoice.Kvm) },
        { "auto,irqchip=user,cache=32M", new(EngineChoice.Auto) { Irqchip = KvmIrqchip.User, CodeCache = ByteSize.FromMebibytes(32) } },
        { "translator,threshold=5,compare", new(EngineChoice.Translator) { Threshold = 5, Compares = true } },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Settings_follow_the_name(string text, EngineConfig expected)
    {
        Assert.True(EngineText.Read(text).TryGet(out var config, out _));

        Assert.Equal(expected, config);
    }

    [Theory]
    [InlineData("interpreter,count", "has no settings")]
    [InlineData("kvm,cache=32M", "Choose from irqchip, ioeventfd")]
    [InlineData("kvm,irqchp=user", "Did you mean \"irqchip\"")]
    [InlineData("kvm,irqchip", "Choose from user, split, kernel")]
    [InlineData("kvm,irqchip=on", "Choose from user, split, kernel")]
    [InlineData("kvm,ioeventfd=maybe", "Choose from on, off")]
    [InlineData("translator,irqchip=user", "Choose from cache, threshold")]
    [InlineData("translator,count=1", "takes no value")]
    public void What_does_not_fit_is_refused_with_what_does(string text, string message)
    {
        Assert.False(EngineText.Read(text).TryGet(out _, out var problem));

        Assert.Contains(message, problem, StringComparison.Ordinal);
    }
}
