namespace Ringmaster.Host.Kvm;

/// <summary>An interrupt message as the kernel takes it (api.rst, KVM_SIGNAL_MSI, with KVM_CAP_X2APIC_API).</summary>
/// <param name="Low">The lower half of the address, as a device writes it.</param>
/// <param name="High">Bits 31:8 of the destination.</param>
/// <param name="Data">Vector, delivery mode and trigger mode.</param>
public readonly record struct KvmMessage(uint Low, uint High, uint Data);
