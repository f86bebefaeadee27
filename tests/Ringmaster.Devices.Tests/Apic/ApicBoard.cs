using Ringmaster.Devices.Apic;
using Ringmaster.Devices.Clock;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Apic;

/// <summary>Some local APICs with IDs 0, 1, 2, ... and an I/O APIC on one bus.</summary>
internal sealed class ApicBoard
{
    public const uint Id = 0x20, Version = 0x30, Tpr = 0x80, Apr = 0x90, Ppr = 0xA0, Eoi = 0xB0, Rrd = 0xC0, Ldr = 0xD0, Dfr = 0xE0,
        Svr = 0xF0, Isr = 0x100, Tmr = 0x180, Irr = 0x200, Esr = 0x280, Cmci = 0x2F0, IcrLow = 0x300, IcrHigh = 0x310,
        LvtTimer = 0x320, LvtThermal = 0x330, LvtPerformance = 0x340, LvtLint0 = 0x350, LvtLint1 = 0x360, LvtError = 0x370,
        InitialCount = 0x380, CurrentCount = 0x390, Divide = 0x3E0;

    public ApicBoard(int count = 1, LocalApicFeatures? features = null, bool enabled = true, uint firstId = 0)
    {
        for (var i = 0; i < count; i++)
        {
            var cpu = new FakeProcessor();
            Cpus.Add(cpu);
            Apics.Add(new LocalApic(
                $"apic{i}", firstId + (uint)i, i == 0, new LocalApicWiring(Bus, cpu, Clock, Tsc, () => PicVector), features));
            if (enabled)
                Write(i, Svr, 0x1FF);
        }
        IoApic = new IoApic("ioapic", Bus);
    }

    public ManualVmClock Clock { get; } = new();

    public FakeTsc Tsc { get; } = new();

    public ApicBus Bus { get; } = new();

    public byte PicVector { get; set; } = 0x08;

    public List<FakeProcessor> Cpus { get; } = [];

    public List<LocalApic> Apics { get; } = [];

    public IoApic IoApic { get; }

    public LocalApic Apic => Apics[0];

    public FakeProcessor Cpu => Cpus[0];

    public uint Read(int apic, uint offset) => (uint)Apics[apic].ReadMmio(offset, 4);

    public uint Read(uint offset) => Read(0, offset);

    public void Write(int apic, uint offset, uint value) => Apics[apic].WriteMmio(offset, 4, value);

    public void Write(uint offset, uint value) => Write(0, offset, value);

    public void Interrupt(byte vector, int apic = 0) =>
        Bus.Deliver(new ApicMessage(new ApicDestination(Apics[apic].ApicId, false), DeliveryMode.Fixed, vector));

    /// <summary>The vectors that a bitmap (IRR, ISR or TMR) holds.</summary>
    public int[] Vectors(uint bitmap, int apic = 0) =>
        [.. Enumerable.Range(0, 256).Where(v => (Read(apic, bitmap + (uint)(v / 32) * 16) & (1u << (v % 32))) != 0)];

    /// <summary>Which APICs have a request for a vector.</summary>
    public int[] Receivers(byte vector) =>
        [.. Enumerable.Range(0, Apics.Count).Where(i => Vectors(Irr, i).Contains(vector))];

    public byte? Acknowledge(int apic = 0) => Apics[apic].TryAcknowledge(out var vector) ? vector : null;

    public void EnableX2Apic(int apic = 0) => Assert.True(Apics[apic].TryWriteMsr(0x1B, Msr(apic, 0x1B) | 0xC00));

    public ulong Msr(int apic, uint msr)
    {
        Assert.True(Apics[apic].TryReadMsr(msr, out var value));
        return value;
    }

    public uint ReadIo(byte register)
    {
        IoApic.WriteMmio(new GuestPhysicalAddress(0xFEC0_0000), 4, register);
        return (uint)IoApic.ReadMmio(new GuestPhysicalAddress(0xFEC0_0010), 4);
    }

    public void WriteIo(byte register, uint value)
    {
        IoApic.WriteMmio(new GuestPhysicalAddress(0xFEC0_0000), 4, register);
        IoApic.WriteMmio(new GuestPhysicalAddress(0xFEC0_0010), 4, value);
    }

    public void WriteEntry(int pin, ulong entry)
    {
        WriteIo((byte)(0x11 + pin * 2), (uint)(entry >> 32));
        WriteIo((byte)(0x10 + pin * 2), (uint)entry);
    }

    public ulong ReadEntry(int pin) => ReadIo((byte)(0x10 + pin * 2)) | ((ulong)ReadIo((byte)(0x11 + pin * 2)) << 32);
}
