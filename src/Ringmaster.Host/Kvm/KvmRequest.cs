namespace Ringmaster.Host.Kvm;

/// <summary>The numbers of KVM's ioctl(2) requests (Linux, Documentation/virt/kvm/api.rst).</summary>
internal static partial class KvmRequest
{
    // Of the device.
    internal const nuint GetApiVersion = 0xAE00, CreateVm = 0xAE01, CheckExtension = 0xAE03, GetVcpuMapSize = 0xAE04,
        GetSupportedCpuid = 0xC008_AE05, GetMsrs = 0xC008_AE88, GetSupportedHyperVCpuid = 0xC008_AEC1;

    // Of a VM.
    internal const nuint CreateVcpu = 0xAE41, SetMemoryRegion = 0x4020_AE46, SetTssAddress = 0xAE47, SetIdentityMapAddress = 0x4008_AE48,
        EnableCapability = 0x4068_AEA3, SetMsrFilter = 0x4188_AEC6, GetDirtyLog = 0x4010_AE42, ClearDirtyLog = 0xC018_AEC0,
        SetClock = 0x4030_AE7B, GetClock = 0x8030_AE7C;

    // Of a vCPU.
    internal const nuint Run = 0xAE80, GetRegisters = 0x8090_AE81, SetRegisters = 0x4090_AE82, GetSpecialRegisters = 0x8140_AECC,
        SetSpecialRegisters = 0x4140_AECD, Interrupt = 0x4004_AE86, SetMsrs = 0x4008_AE89, SetCpuid = 0x4008_AE90, Nmi = 0xAE9A,
        GetEvents = 0x8040_AE9F, SetEvents = 0x4040_AEA0, GetDebugRegisters = 0x8080_AEA1, SetDebugRegisters = 0x4080_AEA2,
        GetXsave = 0x9000_AECF, SetXsave = 0x5000_AEA5, GetExtendedControl = 0x8188_AEA6, SetExtendedControl = 0x4188_AEA7,
        // Those of struct kvm_sregs, which all kernels have.
        GetFirstSpecialRegisters = 0x8138_AE83, SetFirstSpecialRegisters = 0x4138_AE84,
        SetTscFrequency = 0xAEA2, GetTscFrequency = 0xAEA3, ClockControl = 0xAEAD, SetAttribute = 0x4018_AEE1, GetAttribute = 0x4018_AEE2, HasAttribute = 0x4018_AEE3;
}
