using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Bus;
using Ringmaster.Devices.State;
using Ringmaster.Devices.Tests.Contract;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Apic;

/// <summary>
/// A local APIC with its register page on a bus, as the only processor of a machine sees it, so that the contract suite's
/// random accesses reach it.
/// </summary>
internal sealed class LocalApicOnBus : IMmioDevice
{
    private static readonly MmioRange s_page = new(new GuestPhysicalAddress(0xFEE0_0000), 0x1000);

    public LocalApicOnBus(TestWiring wiring, LocalApicFeatures features)
    {
        var tsc = new FakeTsc();
        Apic = new LocalApic("apic0", 0, isBootstrap: true, new LocalApicWiring(Bus, new Output(wiring), wiring.Clock, tsc, () =>
        {
            wiring.Note("acknowledges the 8259");
            return 0x08;
        }), features);
    }

    public ApicBus Bus { get; } = new();

    public LocalApic Apic { get; }

    public string Name => Apic.Name;

    public string Kind => Apic.Kind;

    public IReadOnlyList<MmioRange> MmioRanges => [s_page];

    public void Reset() => Apic.Reset();

    public SavedState Save() => Apic.Save();

    public void Restore(SavedState state) => Apic.Restore(state);

    public ulong ReadMmio(GuestPhysicalAddress address, int size) => Apic.ReadMmio((uint)(address - s_page.Start), size);

    public void WriteMmio(GuestPhysicalAddress address, int size, ulong value) =>
        Apic.WriteMmio((uint)(address - s_page.Start), size, value);

    private sealed class Output(TestWiring wiring) : ILocalApicOutput
    {
        public void InterruptPending() => wiring.Note("pending");

        public void Nmi() => wiring.Note("nmi");

        public void Init() => wiring.Note("init");

        public void Startup(byte vector) => wiring.Note($"startup {vector:x2}");

        public void Smi() => wiring.Note("smi");
    }
}
