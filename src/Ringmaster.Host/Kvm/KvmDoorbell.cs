namespace Ringmaster.Host.Kvm;

/// <summary>A write of the guest's that the kernel turns into an event (api.rst, KVM_IOEVENTFD).</summary>
/// <param name="Address">A guest-physical address or a port.</param>
/// <param name="IsPort">Whether it is a port.</param>
/// <param name="Length">Bytes written: 1, 2, 4 or 8; 0 for any.</param>
/// <param name="Value">The only value that counts; null for any.</param>
public readonly record struct KvmDoorbell(ulong Address, bool IsPort, int Length, ulong? Value);
