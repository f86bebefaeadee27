using Ringmaster.Cpu.Interrupts;
using Ringmaster.Host.Kvm;

namespace Ringmaster.Cpu.Kvm.State;

/// <summary>Interrupt messages in the kernel's form (SDM 3A 11.11; api.rst, KVM_SIGNAL_MSI).</summary>
internal static class MessageForm
{
    private const uint AddressSpace = 0xFEE0_0000, Logical = 1 << 2, Assert = 1 << 14, Level = 1 << 15;

    /// <summary>To the kernel's form. Identifiers beyond 8 bits are in the upper half of the address.</summary>
    public static KvmMessage ToKvm(this in InterruptMessage message) => new(
        AddressSpace | (message.Destination & 0xFF) << 12 | (message.IsLogical ? Logical : 0),
        message.Destination & ~0xFFu,
        message.Vector | (message.Mode & 7u) << 8 | Assert | (message.IsLevel ? Level : 0));
}
