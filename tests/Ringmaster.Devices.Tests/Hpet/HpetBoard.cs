using Ringmaster.Devices.Chipset.Hpet;
using Ringmaster.Devices.Chipset.InterruptController;
using Ringmaster.Devices.Clock;
using Ringmaster.Devices.Interrupts;
using Ringmaster.Memory;

namespace Ringmaster.Devices.Tests.Hpet;

/// <summary>An HPET whose wires count their rising edges.</summary>
internal sealed class HpetBoard
{
    public HpetBoard(bool messages = true)
    {
        Device = new HpetDevice("hpet", new HpetWiring(
            Clock, Wire(-1), Wire(-8), gsi => Wire(gsi), messages ? (address, data) => Messages.Add((address, data)) : null));
    }

    public ManualVmClock Clock { get; } = new();

    /// <summary>An 8259 pair at the wires of PIT and RTC.</summary>
    public PicPair Pic { get; } = new(new InterruptLine(_ => { }));

    public HpetDevice Device { get; }

    public Dictionary<int, int> Edges { get; } = [];

    public HashSet<int> Asserted { get; } = [];

    public List<(ulong Address, uint Data)> Messages { get; } = [];

    public const int Irq0 = -1, Irq8 = -8;

    public ulong Read(uint offset, int size = 8) => Device.ReadMmio(new GuestPhysicalAddress(0xFED0_0000 + offset), size)
        & (ulong.MaxValue >> (64 - size * 8));

    public void Write(uint offset, ulong value, int size = 8) =>
        Device.WriteMmio(new GuestPhysicalAddress(0xFED0_0000 + offset), size, value);

    private InterruptLine Wire(int number) => new(asserted =>
    {
        if (asserted)
        {
            Edges[number] = Edges.GetValueOrDefault(number) + 1;
            Asserted.Add(number);
        }
        else
        {
            Asserted.Remove(number);
        }
        if (number is Irq0 or Irq8)
            Pic.Input(number == Irq0 ? 0 : 8).Set(asserted);
    });
}
