using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Tests.Contract;

namespace Ringmaster.Devices.Tests.Apic;

/// <summary>
/// A processor that takes each interrupt and completes it at once, and enables its APIC again after an INIT. Whatever it
/// received before, an I/O APIC always finds it the same, so that only the I/O APIC's own state decides what happens.
/// </summary>
internal sealed class EagerProcessor : ILocalApicOutput
{
    // Enabled, and no EOI broadcast: the I/O APIC's entries wait for an EOI that the test sends.
    private const uint SpuriousVector = 0x11FF;

    private readonly TestWiring _wiring;
    private readonly LocalApic _apic;

    private EagerProcessor(ApicBus bus, TestWiring wiring)
    {
        _wiring = wiring;
        _apic = new LocalApic("apic0", 0, isBootstrap: true, new LocalApicWiring(bus, this, wiring.Clock, new FakeTsc(), () => 0x08),
            new LocalApicFeatures { EoiBroadcastSuppression = true });
        Enable();
    }

    public static void AttachTo(ApicBus bus, TestWiring wiring) => _ = new EagerProcessor(bus, wiring);

    public void InterruptPending()
    {
        while (_apic.TryAcknowledge(out var vector))
        {
            _wiring.Note($"takes {vector:x2}");
            _apic.WriteMmio(ApicBoard.Eoi, 4, 0);
        }
    }

    public void Nmi() => _wiring.Note("nmi");

    public void Init()
    {
        _wiring.Note("init");
        Enable();
    }

    public void Startup(byte vector) => _wiring.Note($"startup {vector:x2}");

    public void Smi() => _wiring.Note("smi");

    private void Enable()
    {
        _apic.WriteMmio(ApicBoard.Dfr, 4, uint.MaxValue);
        _apic.WriteMmio(ApicBoard.Ldr, 4, 0x0100_0000);
        _apic.WriteMmio(ApicBoard.Svr, 4, SpuriousVector);
    }
}
