using Ringmaster.Devices.Apic;

namespace Ringmaster.Devices.Tests.Apic;

/// <summary>Writes down what a local APIC tells its processor.</summary>
internal sealed class FakeProcessor : ILocalApicOutput
{
    public List<string> Events { get; } = [];

    public int Pending { get; private set; }

    public void InterruptPending() => Pending++;

    public void Nmi() => Events.Add("nmi");

    public void Init() => Events.Add("init");

    public void Startup(byte vector) => Events.Add($"startup {vector:x2}");

    public void Smi() => Events.Add("smi");
}
