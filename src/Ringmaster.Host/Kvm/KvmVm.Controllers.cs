using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ringmaster.Host.Kvm;

/// <content>The 8259 pair and the I/O APIC, where the kernel has them (api.rst, KVM_CREATE_IRQCHIP).</content>
public sealed unsafe partial class KvmVm
{
    // Numbers of the chips in requests and in the interrupt table.
    private const uint PicMaster = 0, PicSlave = 1, IoApicChip = 2;

    private const int PicInputs = 8;

    /// <summary>The input of the interrupt table that is input 0 of the 8259 pair. Those of the I/O APIC have its own numbers.</summary>
    private const int FirstPicInput = KvmIoApic.InputCount;

    /// <summary>The 8259A with inputs 0 to 7.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public KvmPic Master
    {
        get => Get<KvmPic>(PicMaster);
        set => Set(PicMaster, value);
    }

    /// <summary>The 8259A with inputs 8 to 15.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public KvmPic Slave
    {
        get => Get<KvmPic>(PicSlave);
        set => Set(PicSlave, value);
    }

    /// <summary>The I/O APIC.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public KvmIoApic IoApic
    {
        get => Get<KvmIoApic>(IoApicChip);
        set => Set(IoApicChip, value);
    }

    /// <summary>Puts all controllers into the kernel. The VM has no vCPU yet.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void CreateControllers()
    {
        Ask(KvmRequest.CreateControllers, 0, "KVM_CREATE_IRQCHIP");
        var entries = new RoutingEntry[KvmIoApic.InputCount + 2 * PicInputs];
        for (var i = 0; i < KvmIoApic.InputCount; i++)
            entries[i] = Wire(i, IoApicChip, i);
        for (var i = 0; i < 2 * PicInputs; i++)
            entries[FirstPicInput + i] = Wire(FirstPicInput + i, i < PicInputs ? PicMaster : PicSlave, i % PicInputs);
        SetRoutes(entries);

        static RoutingEntry Wire(int input, uint chip, int pin) =>
            new() { Input = (uint)input, Kind = RouteIsWire, First = chip, Second = (uint)pin };
    }

    /// <summary>Drives an input of the I/O APIC.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void SetIoApicInput(int input, bool asserted) => SetInput(input, asserted);

    /// <summary>Drives an input of the 8259 pair.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void SetPicInput(int input, bool asserted) => SetInput(FirstPicInput + input, asserted);

    private void SetInput(int input, bool asserted)
    {
        var request = new InputRequest { Input = (uint)input, Level = asserted ? 1u : 0 };
        Ask(KvmRequest.SetInput, ref request, "KVM_IRQ_LINE");
    }

    private T Get<T>(uint chip) where T : unmanaged
    {
        var request = new ChipRequest { Chip = chip };
        Ask(KvmRequest.GetController, ref request, $"KVM_GET_IRQCHIP {chip}");
        return Unsafe.As<ChipState, T>(ref request.State);
    }

    private void Set<T>(uint chip, T state) where T : unmanaged
    {
        var request = new ChipRequest { Chip = chip };
        Unsafe.As<ChipState, T>(ref request.State) = state;
        Ask(KvmRequest.SetController, ref request, $"KVM_SET_IRQCHIP {chip}");
    }

    /// <summary>struct kvm_irq_level.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct InputRequest
    {
        public uint Input, Level;
    }

    /// <summary>struct kvm_irqchip.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ChipRequest
    {
        public uint Chip;
        private readonly uint _padding;
        public ChipState State;
    }

    /// <summary>Room for any of the chips.</summary>
    [InlineArray(64)]
    private struct ChipState
    {
        private ulong _word;
    }
}
