using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Tests.Contract;

namespace Ringmaster.Devices.Tests.Apic;

public sealed class ApicCases : IDeviceCases
{
    private const uint MsrApicBase = 0x1B, MsrTscDeadline = 0x6E0, MsrX2Apic = 0x800;

    private static readonly LocalApicFeatures s_everything = new()
    {
        CorrectedMachineCheck = true,
        EoiBroadcastSuppression = true,
        VirtualWireAtReset = true,
    };

    private static readonly LocalApicFeatures s_nothing = new() { X2Apic = false, TscDeadline = false };

    public IEnumerable<DeviceCase> Cases =>
    [
        Local("local-apic", new LocalApicFeatures()),
        Local("local-apic-full", s_everything),
        Local("local-apic-plain", s_nothing),
        new("io-apic", CreateIoApic) { Stimulate = DriveInput, ReleaseInputs = LowerInputs },
    ];

    private static DeviceCase Local(string name, LocalApicFeatures features) =>
        new(name, wiring => new LocalApicOnBus(wiring, features)) { Stimulate = UseLocalApic, ReleaseInputs = LowerLints };

    private static IoApic CreateIoApic(TestWiring wiring)
    {
        var bus = new ApicBus();
        EagerProcessor.AttachTo(bus, wiring);
        return new IoApic("ioapic", bus);
    }

    private static void DriveInput(IDevice device, TestWiring wiring, Random random)
    {
        var ioApic = (IoApic)device;
        for (var i = random.Next(1, 9); i > 0; i--)
        {
            var pin = random.Next(IoApic.InputCount);
            switch (random.Next(4))
            {
                case 0:
                    ioApic.Input(pin).Set(random.Next(2) == 0);
                    break;
                case 1:
                    Program(ioApic, pin, random);
                    break;
                case 2:
                    ioApic.EndOfInterrupt((byte)random.Next(16, 256));
                    break;
                default:
                    ioApic.OfferLevels();
                    break;
            }
        }
    }

    private static void Program(IoApic ioApic, int pin, Random random)
    {
        // Few vectors and mostly the one processor there is, so that entries and EOIs meet.
        var low = (uint)random.Next(16, 24) | ((uint)random.Next(8) << 8) | ((uint)random.Next(2) << 15)
            | (random.Next(4) == 0 ? 1u << 16 : 0);
        Write(0x11 + 2 * pin, random.Next(3) == 0 ? (uint)random.Next() : 0);
        Write(0x10 + 2 * pin, low);

        void Write(int register, uint value)
        {
            var start = ioApic.MmioRanges[0].Start;
            ioApic.WriteMmio(start, 4, (uint)register);
            ioApic.WriteMmio(start + 0x10, 4, value);
        }
    }

    private static void LowerInputs(IDevice device)
    {
        for (var pin = 0; pin < IoApic.InputCount; pin++)
            ((IoApic)device).Input(pin).Set(false);
    }

    private static void LowerLints(IDevice device)
    {
        var apic = ((LocalApicOnBus)device).Apic;
        apic.Lint0.Set(false);
        apic.Lint1.Set(false);
    }

    /// <summary>What a processor, the other APICs and the board's wires do to a local APIC.</summary>
    private static void UseLocalApic(IDevice device, TestWiring wiring, Random random)
    {
        var rig = (LocalApicOnBus)device;
        var apic = rig.Apic;
        for (var i = random.Next(1, 13); i > 0; i--)
        {
            switch (random.Next(12))
            {
                case 0:
                    wiring.Note($"acknowledges {apic.TryAcknowledge(out var vector)} {vector:x2}");
                    break;
                case 1:
                    apic.WriteMmio(ApicBoard.Eoi, 4, 0);
                    break;
                case 2:
                    apic.Lint0.Set(random.Next(2) == 0);
                    break;
                case 3:
                    apic.Lint1.Set(random.Next(2) == 0);
                    break;
                case 4:
                    apic.TaskPriority = (byte)random.Next(4);
                    break;
                case 5:
                    apic.Raise((LocalInterrupt)random.Next(3));
                    break;
                case 6:
                    rig.Bus.Deliver(new ApicMessage(
                        new ApicDestination(0, false), (DeliveryMode)random.Next(8), (byte)random.Next(256), random.Next(2) == 0));
                    break;
                case 7:
                    apic.WriteMmio(ApicBoard.Svr, 4, 0x1FFu | ((uint)random.Next(2) << 12));
                    break;
                case 8:
                    AccessMsr(apic, wiring, random);
                    break;
                default:
                    ProgramLocal(apic, random);
                    break;
            }
        }
        wiring.Note($"interrupt {apic.HasInterrupt}, priority {apic.TaskPriority}, page {apic.MmioBase}");
    }

    private static void ProgramLocal(LocalApic apic, Random random)
    {
        var value = random.Next(4) switch
        {
            0 => (uint)random.Next(),
            1 => (uint)random.Next(1, 100_000),
            // An LVT entry or a command: some vector, any mode, any of the bits above.
            _ => (uint)random.Next(0x100) | ((uint)random.Next(8) << 8) | ((uint)random.Next(0x40) << 13),
        };
        apic.WriteMmio((uint)random.Next(0x40) << 4, 4, value);
    }

    private static void AccessMsr(LocalApic apic, TestWiring wiring, Random random)
    {
        var msr = random.Next(6) switch
        {
            0 => MsrApicBase,
            1 => MsrTscDeadline,
            _ => MsrX2Apic + (uint)random.Next(0x40),
        };
        if (random.Next(3) == 0)
        {
            wiring.Note($"msr {msr:x} reads {apic.TryReadMsr(msr, out var read)} {read:x}");
            return;
        }
        var now = (ulong)wiring.Clock.Now * 2;
        var value = msr switch
        {
            // Mostly a legal mode: disabled, xAPIC, x2APIC.
            MsrApicBase => 0xFEE0_0000 | ((ulong)random.Next(4) << 10) | ((ulong)random.Next(2) << 8),
            MsrTscDeadline => random.Next(4) == 0 ? (ulong)random.NextInt64() : now + (ulong)random.Next(10_000_000),
            _ => random.Next(3) == 0 ? 0 : (ulong)random.Next(0x2_0000),
        };
        wiring.Note($"msr {msr:x} takes {value:x}: {apic.TryWriteMsr(msr, value)}");
    }
}
